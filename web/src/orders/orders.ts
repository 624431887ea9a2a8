import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import type { Execute } from '../api/client.ts';
import {
  CancelOrder,
  contentOf,
  OneOrder,
  OrdersPage,
  UpdateOrder,
  type Order,
  type OrderStatus,
  type Update,
} from '../api/documents.ts';
import { isOutOfReach, NoAnswer, Refused, SignedOut, Unreadable } from '../api/errors.ts';
import { readUntilAnswered } from '../api/lost_reads.ts';
import type { Price } from './money.ts';
import { outcome } from './change_outcome.ts';

/** The customer's orders as far as they are known here; an order only ever gets newer. */
export interface Orders {
  readonly all: ReadonlySignal<ReadonlyMap<string, Order>>;
  /** When each status was first seen to have begun, by order id. */
  readonly moments: ReadonlySignal<ReadonlyMap<string, Moments>>;
  /** When the API last said how an order stands, by its id: each time another object. */
  readonly heard: ReadonlySignal<ReadonlyMap<string, Hearing>>;
  /** When the API last said how what is shown stands, by this device's clock; null before the first answer. */
  readonly checkedAt: ReadonlySignal<number | null>;
  /** Newest first, down to the last page that was asked for. */
  readonly listed: ReadonlySignal<readonly Order[]>;
  readonly hasMore: ReadonlySignal<boolean>;
  readonly hasOpen: ReadonlySignal<boolean>;
  get(id: string): Order | undefined;
  merge(order: Order): void;
  /** Read one order; throws Refused (OrderNotFound) when there is none. */
  read(id: string): Promise<Order>;
  /** Read one order, unless the API said how it stands a moment ago, as when it was placed. */
  readUnlessFresh(id: string): Promise<void>;
  readFirstPage(): Promise<void>;
  /** Read the newest orders and all down to the one with this id, which were listed before a reload. */
  readDownTo(id: string): Promise<void>;
  readNextPage(): Promise<void>;
  /** Read again what is shown, after news may have been missed. */
  catchUp(): Promise<void>;
  /**
   * Both throw Undone or Unsure when no answer came and the order doesn't show that it was done; a change is made at the
   * price that the customer was shown, or Refused (PriceChanged).
   */
  change(order: Order, changes: Partial<Update>, shown: Price): Promise<Order>;
  cancel(id: string): Promise<Order>;
  /** What the end of a session interrupted, so that nobody knows whether it was done. */
  readonly interrupted: ReadonlySignal<Interruption | null>;
  forget(): void;
}

/** What was being done to an order. */
export type Interruption = 'changed' | 'cancelled';

export interface Hearing {
  readonly at: number;
}

export type Moments = Readonly<Partial<Record<OrderStatus, string>>>;

const PAGE_SIZE = 50;
const LARGEST_PAGE = 100;
// Opening the page of an order that was just placed, or listed, needn't ask again: news of it come by themselves.
export const FRESH_MS = 5_000;
const FINAL: ReadonlySet<Order['status']> = new Set(['PAID', 'FAILED', 'CANCELLED']);

/** Whether nothing will happen to the order any more. */
export function isFinal(order: Order): boolean {
  return FINAL.has(order.status);
}

function isSame(one: Update, other: Update): boolean {
  return Object.entries(one).every(([name, value]) => other[name as keyof Update] === value);
}

function notFound(): Refused {
  return new Refused('OrderNotFound', 'no such order');
}

/** One order that is gone, or that nobody can read, keeps no other from being read. */
function unlessItsOwn(error: unknown): void {
  if (!(error instanceof Unreadable || (error instanceof Refused && error.type === 'OrderNotFound'))) {
    throw error;
  }
}

/** The orders of whoever `execute` is signed in as. What can't be read is read as soon as there is an answer. */
export function createOrders(execute: Execute): Orders {
  const known = signal<ReadonlyMap<string, Order>>(new Map());
  const moments = signal<ReadonlyMap<string, Moments>>(new Map());
  const heard = signal<ReadonlyMap<string, Hearing>>(new Map());
  const checkedAt = signal<number | null>(null);
  const noteCheck = (): void => {
    checkedAt.value = Date.now();
  };
  // The ids between which all orders are listed, without a gap; null before the first page.
  let newest: string | null = null;
  const oldest = signal<string | null>(null);
  const hasMore = signal(false);
  const listed = computed(() => {
    const from = oldest.value;
    const orders = from === null ? [] : [...known.value.values()].filter(({ id }) => id >= from);
    return orders.sort((one, other) => (one.id < other.id ? 1 : -1));
  });
  const hasOpen = computed(() => [...known.value.values()].some((order) => !isFinal(order)));

  const interrupted = signal<Interruption | null>(null);
  const noting = (what: Interruption, doing: Promise<Order>): Promise<Order> =>
    doing.catch((error: unknown) => {
      if (error instanceof SignedOut) {
        interrupted.value = what;
      }
      throw error;
    });

  let customers = 0;
  // What was asked for one customer is no answer for the next.
  const ask: Execute = async (document, variables) => {
    const asking = customers;
    const answer = await execute(document, variables);
    if (asking !== customers) {
      throw new SignedOut('the customer who asked for this signed out');
    }
    return answer;
  };
  // The questions that have no answer yet.
  const reading = new Set<Promise<unknown>>();
  // Whether the last one had none; it is asked again until it has.
  let isLost = false;
  const read: Execute = (document, variables) => {
    const answer = ask(document, variables).finally(() => reading.delete(answer));
    reading.add(answer);
    answer.then(
      () => (isLost = false),
      (error: unknown) => (isLost = isOutOfReach(error)),
    );
    return answer;
  };
  const mergeAll = (orders: readonly Order[]): void => {
    const next = new Map(known.value);
    const times = new Map(moments.value);
    const heardNow = new Map(heard.value);
    for (const order of orders) {
      heardNow.set(order.id, { at: Date.now() });
      const before = next.get(order.id);
      if (!before || before.version < order.version) {
        next.set(order.id, order);
        times.set(order.id, { [order.status]: order.updatedAt, ...times.get(order.id), PENDING: order.createdAt });
      }
    }
    batch(() => {
      known.value = next;
      moments.value = times;
      heard.value = heardNow;
    });
  };
  const merged = (order: Order): Order => {
    mergeAll([order]);
    noteCheck();
    return known.value.get(order.id) ?? order;
  };
  const drop = (ids: readonly string[]): void => {
    known.value = new Map([...known.value].filter(([id]) => !ids.includes(id)));
    heard.value = new Map([...heard.value].filter(([id]) => !ids.includes(id)));
  };
  /** Read a page; returns the last id that it reached, which is '' at the end of all orders. */
  const readPage = readUntilAnswered(async (after: string | null, first: number): Promise<string> => {
    const before = [...known.value.keys()];
    const { orders } = await read(OrdersPage, after === null ? { first } : { first, after });
    const found = orders.filter((order) => order !== null);
    const ids = new Set(found.map(({ id }) => id));
    // All of a short page is all there is.
    const reached = orders.length < first ? '' : (found.at(-1)?.id ?? '');
    // Newer orders that don't reach down to those listed begin the list anew: a gap could never be filled.
    const isAnew = after === null && (newest === null || reached > newest);
    // Reading the newest again takes nothing away of what was listed below them.
    const isFurther = (after === null || after === oldest.value) && reached <= (oldest.value ?? '');
    batch(() => {
      mergeAll(found);
      // What was known before and isn't there now was deleted; a row that can't be read could be any of them.
      if (found.length === orders.length) {
        drop(before.filter((id) => id >= reached && (after === null || id < after) && !ids.has(id)));
      }
      if (isAnew || isFurther) {
        oldest.value = reached;
        hasMore.value = reached !== '';
      }
    });
    if (after === null) {
      newest = found[0]?.id ?? '';
      noteCheck();
    }
    return reached;
  });
  const readOne = readUntilAnswered(async (id: string): Promise<Order> => {
    const wasKnown = known.value.has(id);
    // What the API doesn't take for an id, as somebody may have typed it into the address, is that of no order.
    const { order } = await read(OneOrder, { id }).catch((error: unknown) => {
      throw error instanceof Refused && error.type === 'InvalidInput' ? notFound() : error;
    });
    if (order === null) {
      drop(wasKnown ? [id] : []);
      throw notFound();
    }
    return merged(order);
  });

  return {
    all: known,
    moments,
    heard,
    checkedAt,
    listed,
    hasMore,
    hasOpen,
    get: (id) => known.value.get(id),
    merge: (order) => void merged(order),
    read: readOne,
    async readUnlessFresh(id) {
      const ago = Date.now() - (heard.value.get(id)?.at ?? -Infinity);
      // A device's clock may be set back.
      if (ago < 0 || ago > FRESH_MS) {
        await readOne(id);
      }
    },
    readFirstPage: () => readPage(null, PAGE_SIZE).then(() => {}),
    async readDownTo(id) {
      await readPage(null, PAGE_SIZE);
      for (let from = oldest.value ?? ''; from > id; from = oldest.value ?? '') {
        await readPage(from, LARGEST_PAGE);
        if (oldest.value === from) {
          return; // it gets no further
        }
      }
    },
    readNextPage: () => readPage(oldest.value, PAGE_SIZE).then(() => {}),
    async catchUp() {
      // An answer that is on its way may be older than what was missed: once it is there, it is asked for again.
      const asking = customers;
      await Promise.allSettled(reading);
      const shown = Math.min(LARGEST_PAGE, Math.max(PAGE_SIZE, listed.value.length));
      const reached = oldest.value === null ? null : await readPage(null, shown);
      const open = [...known.value.values()].filter((order) => !isFinal(order));
      const unread = open.filter(({ id }) => reached === null || id < reached);
      await Promise.all(unread.map(({ id }) => readOne(id).catch(unlessItsOwn)));
      if (isLost) {
        throw new NoAnswer('what the page shows wasn’t read yet');
      }
      // That an order is gone is an answer too. Where nothing was asked, nothing was checked.
      if (asking === customers && unread.length > 0) {
        noteCheck();
      }
    },
    change(order, changes, shown) {
      const input = { ...contentOf(order), ...changes };
      const expected = { expectedUnitPrice: shown.unitPrice, expectedCurrency: shown.currency };
      const changing = ask(UpdateOrder, { input: { ...input, ...expected } }).then(({ updateOrder }) =>
        merged(updateOrder),
      );
      const isDone = (now: Order): boolean => now.status !== 'CANCELLED' && isSame(contentOf(now), input);
      return noting(
        'changed',
        outcome(changing, () => readOne(order.id), isDone),
      );
    },
    cancel(id) {
      const cancelling = ask(CancelOrder, { id }).then(({ cancelOrder }) => merged(cancelOrder));
      const isDone = ({ status }: Order): boolean => status === 'CANCELLED';
      return noting(
        'cancelled',
        outcome(cancelling, () => readOne(id), isDone),
      );
    },
    interrupted,
    forget() {
      customers += 1;
      interrupted.value = null;
      known.value = new Map();
      heard.value = new Map();
      moments.value = new Map();
      checkedAt.value = null;
      reading.clear();
      isLost = false;
      newest = null;
      oldest.value = null;
      hasMore.value = false;
    },
  };
}
