import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { ulid } from 'ulid';
import type { MenuItem } from '../api/documents.ts';
import { serverNow } from './clock.ts';
import { isSamePrice } from './money.ts';
import { MOST_OF_A_DISH, storedDraft, storeDraft, type Draft, type Line } from './stored_draft.ts';

export { MOST_OF_A_DISH, type Line };

export interface Dish {
  readonly restaurantId: string;
  readonly name: string;
  readonly unitPrice: number;
  readonly currency: string;
}

type DishName = Pick<Dish, 'restaurantId' | 'name'>;

/** What the customer is putting together; it outlives a reload and a session that ends. */
export interface Drafts {
  readonly draft: ReadonlySignal<Draft>;
  readonly lines: ReadonlySignal<readonly Line[]>;
  /** How many lines were left out, since another account had sent them; until something is placed. */
  readonly leftOut: ReadonlySignal<number>;
  lineOf(dish: Dish): Line | undefined;
  /** Set how many of a dish; 0 takes it out. What is sent stays. */
  setQuantity(dish: Dish, quantity: number): void;
  /** Put so many more of a dish into it. */
  add(dish: Dish, quantity: number): void;
  /** Choose a card; what is sent stays with its own. */
  setPaymentMethod(paymentMethod: string): void;
  /** The customer orders these lines as they were shown: what isn't sent yet has these prices from now on. */
  agree(shown: readonly Line[]): void;
  markSent(id: string, owner: string): void;
  /** There is an answer that nothing was placed: the line may be changed again. */
  markRefused(id: string): void;
  /** Give the line a new id, of the order that it will be; returns that. */
  renew(id: string): string;
  remove(id: string): void;
  /** Somebody signed in: what another customer had sent isn't theirs. */
  adopt(userId: string): void;
  clear(): void;
}

export const FIRST_CARD = 'pm_card_visa';
const EMPTY: Draft = { lines: [], paymentMethod: FIRST_CARD, owner: null };

/**
 * The draft that `storage` holds, or an empty one. A tab that was duplicated holds a copy, so only what was sent keeps
 * its id: what wasn't is an order of this tab alone.
 */
export function createDrafts(storage: Storage): Drafts {
  const stored = storedDraft(storage, EMPTY);
  const lines = stored.lines.map((line) => (line.isSent ? line : { ...line, id: newId() }));
  const draft = signal<Draft>({ ...stored, lines });
  const leftOut = signal(0);
  const set = (next: Partial<Draft>): void => {
    draft.value = { ...draft.value, ...next };
    storeDraft(storage, draft.value);
  };
  const setLines = (lines: readonly Line[]): void => set({ lines });
  const edit = (id: string, change: Partial<Line>): readonly Line[] =>
    draft.value.lines.map((line) => (line.id === id ? { ...line, ...change } : line));
  const lineOf = (dish: Dish): Line | undefined => draft.value.lines.find((line) => isSameDish(line, dish));

  const setQuantity = (dish: Dish, quantity: number): void => {
    const line = lineOf(dish);
    const within = Math.min(MOST_OF_A_DISH, Math.max(0, quantity));
    if (line?.isSent) {
      return;
    }
    if (!line) {
      setLines([...draft.value.lines, newLine(dish, within)]);
    } else if (within === 0) {
      setLines(draft.value.lines.filter(({ id }) => id !== line.id));
    } else {
      setLines(edit(line.id, { quantity: within }));
    }
  };

  return {
    draft,
    lines: computed(() => draft.value.lines),
    leftOut,
    lineOf,
    setQuantity,
    add: (dish, quantity) => setQuantity(dish, (lineOf(dish)?.quantity ?? 0) + quantity),
    setPaymentMethod(paymentMethod) {
      if (!draft.value.lines.some((line) => line.isSent)) {
        set({ paymentMethod });
      }
    },
    agree(shown) {
      const prices = new Map(shown.map(({ id, unitPrice, currency }) => [id, { unitPrice, currency }]));
      setLines(draft.value.lines.map((line) => (line.isSent ? line : { ...line, ...prices.get(line.id) })));
    },
    markSent(id, owner) {
      leftOut.value = 0;
      set({ lines: edit(id, { isSent: true }), owner });
    },
    markRefused: (id) => setLines(edit(id, { isSent: false })),
    renew(id) {
      const next = newId();
      setLines(edit(id, { id: next }));
      return next;
    },
    remove: (id) => setLines(draft.value.lines.filter((line) => line.id !== id)),
    adopt(userId) {
      const { owner, lines } = draft.value;
      if (owner !== null && owner !== userId) {
        const kept = lines.filter((line) => !line.isSent);
        leftOut.value = lines.length - kept.length;
        set({ lines: kept, owner: null });
      }
    },
    clear() {
      leftOut.value = 0;
      set(EMPTY);
    },
  };
}

export function isSameDish(one: DishName, other: DishName): boolean {
  return one.restaurantId === other.restaurantId && one.name === other.name;
}

function newLine({ restaurantId, name, unitPrice, currency }: Dish, quantity: number): Line {
  return { id: newId(), restaurantId, name, unitPrice, currency, quantity, isSent: false };
}

/** An id by the server's clock: orders are listed by their ids, and the clocks of a customer's devices may differ. */
function newId(): string {
  return ulid(serverNow());
}

export function dishOf(item: MenuItem): Dish {
  return { restaurantId: item.restaurantId, name: item.name, unitPrice: item.unitPrice, currency: item.currency };
}

/** A line as its menu has its dish now. */
export interface PricedLine extends Line {
  /** The line as it was put into the draft, if its dish costs something else now. */
  readonly before: Line | null;
  /** Its dish isn't on the menu, or not at the moment: it can't be ordered. */
  readonly isGone: boolean;
}

/**
 * The lines at the prices of the menus that were read. A line whose menu wasn't keeps its own price, and so does one that
 * was sent: if it is an order by now, it is one at that price.
 */
export function priced(lines: readonly Line[], menus: ReadonlyMap<string, readonly MenuItem[]>): readonly PricedLine[] {
  return lines.map((line) => {
    const menu = line.isSent ? undefined : menus.get(line.restaurantId);
    const item = menu?.find(({ name }) => name === line.name);
    const isGone = menu !== undefined && !item?.available;
    const { unitPrice, currency } = item ?? line;
    const now = { ...line, unitPrice, currency };
    return { ...now, before: isGone || isSamePrice(now, line) ? null : line, isGone };
  });
}
