import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals';
import { backoffMs } from '../api/backoff.ts';
import type { Execute } from '../api/client.ts';
import { PostOrder, type Order } from '../api/documents.ts';
import {
  isOutOfReach,
  isStoppedOnTheWay,
  NoAnswer,
  Refused,
  sentence,
  SignedOut,
  Unsent,
  WAS_OUT_OF_REACH,
} from '../api/errors.ts';
import { comebacks } from '../api/network.ts';
import { priced, type Drafts, type Line } from './draft.ts';
import { findLateAnswers, isOrderOf } from './late_answers.ts';
import type { Menus } from './menus.ts';
import type { Orders } from './orders.ts';

/** How far placing is: `retrying` when an answer stayed out and the same order is sent again. */
export type Stage = 'idle' | 'sending' | 'retrying';

export interface Placing {
  readonly stage: ReadonlySignal<Stage>;
  /** Why a line wasn't placed, by its id; what the menu says of it is said from the menu, as long as that is so. */
  readonly troubles: ReadonlySignal<ReadonlyMap<string, string>>;
  /** The lines that weren't placed because the menu, which was read again, has another price than they do. */
  readonly repriced: ReadonlySignal<ReadonlySet<string>>;
  /** The orders of which it turned out that they had arrived, without an answer to the page; until something is placed. */
  readonly arrived: ReadonlySignal<readonly string[]>;
  /** How many lines became orders so far, whether the page was told at once or found out later. */
  readonly count: ReadonlySignal<number>;
  /** Place what the draft holds, each line an order; returns the orders, those that had arrived before too. */
  place(userId: string): Promise<readonly Order[]>;
  /** Ask once whether what was sent without an answer arrived. Where there is nothing it may still be on its way. */
  lookUp(): Promise<void>;
  /** The customer is another one now: nothing more is sent, and the next may place. */
  forget(): void;
}

interface Refusal {
  readonly text: string;
  /** What was asked for: of anything else it says nothing. */
  readonly asked: string;
  /** How many comebacks there had been when it was out of reach; null where it wasn't. */
  readonly until: number | null;
}

/** A line that was refused because of its menu. */
interface Outdated {
  readonly line: Line;
  readonly error: unknown;
  /** The menu as it had been read by then. */
  readonly menu: unknown;
}

const ATTEMPTS = 4;
/** The refusals that say that the menu is another one than the page has. */
const OF_THE_MENU: ReadonlySet<string> = new Set(['PriceChanged', 'UnknownMenuItem']);

/** Whether the id that was sent is that of an order with other content. */
function isTaken(error: unknown): boolean {
  return error instanceof Refused && error.type === 'OrderConflict';
}

/** Places orders for the customer who asked for them. */
export function createPlacing(execute: Execute, drafts: Drafts, orders: Orders, menus: Menus): Placing {
  const stage = signal<Stage>('idle');
  const refusals = signal<ReadonlyMap<string, Refusal>>(new Map());
  /** What would be ordered with the line now, as far as the customer may change it. */
  const askedWith = (id: string): string => {
    const { lines, paymentMethod } = drafts.draft.value;
    return `${lines.find((line) => line.id === id)?.quantity} ${paymentMethod}`;
  };
  const troubles = computed(() => {
    const found = new Map<string, string>();
    for (const [id, { text, asked, until }] of refusals.value) {
      const isBack = until !== null && comebacks.value > until;
      // What was sent says itself that it has no answer.
      if (asked === askedWith(id) && !(isBack && isSent(id))) {
        found.set(id, isBack ? WAS_OUT_OF_REACH : text);
      }
    }
    return found;
  });
  const repriced = signal<ReadonlySet<string>>(new Set());
  const arrived = signal<readonly string[]>([]);
  const count = signal(0);
  /** What the menu has to say of lines that were refused, by their ids, until it is read. */
  const outdated = new Map<string, Outdated>();
  /** The ids that were sent without an answer: they may be those of orders, whatever was answered since. */
  const unanswered = new Set<string>();
  let customers = 0;

  const refuse = (id: string, why: unknown, comebacksBefore = comebacks.value): void => {
    const until = isOutOfReach(why) ? comebacksBefore : null;
    refusals.value = new Map(refusals.value).set(id, { text: sentence(why), asked: askedWith(id), until });
  };
  const unrefuse = (isOver: (id: string, refusal: Refusal) => boolean): void => {
    refusals.value = new Map([...refusals.value].filter(([id, refusal]) => !isOver(id, refusal)));
  };
  const isSent = (id: string): boolean => drafts.lines.value.some((line) => line.id === id && line.isSent);

  // Any answer shows that the server is in reach.
  effect(() => {
    if (orders.checkedAt.value !== null) {
      untracked(() => unrefuse((id, { until }) => until !== null && isSent(id)));
    }
  });
  // Whoever reads the menu, and whenever: what it has decides.
  effect(() => {
    const dishes = menus.dishes.value;
    untracked(() => {
      for (const [id, { line, error, menu }] of outdated) {
        if (dishes.get(line.restaurantId) !== menu) {
          outdated.delete(id);
          const [now] = priced([{ ...line, isSent: false }], dishes);
          if (now?.before) {
            repriced.value = new Set(repriced.value).add(id);
          }
          if (now?.before || now?.isGone) {
            unrefuse((refused) => refused === id);
          } else {
            refuse(id, error);
          }
        }
      }
    });
  });
  const isIdle = computed(() => stage.value === 'idle');
  const { lookUp } = findLateAnswers(drafts, orders, isIdle, (line, order) => {
    unrefuse((id) => id === line.id);
    if (isOrderOf(line, order)) {
      drafts.remove(line.id);
      count.value += 1;
      arrived.value = [...arrived.value, line.id];
    } else {
      const id = drafts.renew(line.id);
      drafts.markRefused(id);
      refuse(id, new Refused('OrderConflict', 'an order has this id'));
    }
  });

  const post = async (line: Line): Promise<Order> => {
    const { id, name, quantity, restaurantId, unitPrice, currency } = line;
    const { paymentMethod } = drafts.draft.value;
    const expected = { expectedUnitPrice: unitPrice, expectedCurrency: currency };
    const input = { id, name, quantity, restaurantId, paymentMethod, ...expected };
    const { postOrder } = await execute(PostOrder, { input });
    return postOrder;
  };
  const postUntilAnswered = async (line: Line, isHere: () => boolean): Promise<Order> => {
    for (let attempt = 0; ; attempt++) {
      // The token of a call is that of whoever is signed in by then.
      if (!isHere()) {
        throw new SignedOut('the customer who placed this signed out');
      }
      try {
        return await post({ ...line, isSent: line.isSent || attempt > 0 });
      } catch (error) {
        if (error instanceof NoAnswer && !(error instanceof Unsent)) {
          unanswered.add(line.id);
        }
        if (!(error instanceof NoAnswer) || attempt + 1 === ATTEMPTS || !isHere()) {
          throw error;
        }
        stage.value = 'retrying';
        await new Promise((resume) => setTimeout(resume, backoffMs(attempt)));
      }
    }
  };
  /** Read what the menu says of the line that was refused because of it. */
  const askMenu = async (line: Line, id: string, error: Refused): Promise<void> => {
    outdated.set(id, { line, error, menu: menus.dishes.value.get(line.restaurantId) });
    await menus.readDishes(line.restaurantId).catch((unread: unknown) => {
      if (outdated.has(id)) {
        refuse(id, error.type === 'PriceChanged' ? unread : error);
      }
    });
  };
  /** The line under an id of this moment, since orders are listed by their ids; what may be an order keeps its own. */
  const begun = (line: Line): Line => {
    if (line.isSent) {
      unanswered.add(line.id);
    }
    return unanswered.has(line.id) ? line : { ...line, id: drafts.renew(line.id) };
  };
  const placeLine = async (found: Line, userId: string, isHere: () => boolean): Promise<Order | null> => {
    if (!isHere()) {
      return null;
    }
    const line = begun(found);
    const comebacksAtStart = comebacks.value;
    drafts.markSent(line.id, userId);
    try {
      const order = await postUntilAnswered(line, isHere).catch(async (error: unknown) => {
        // This id is an order already. From an attempt whose answer was lost, that one is what the customer asked for.
        const before = isTaken(error) ? await orders.read(line.id) : null;
        if (before !== null && isOrderOf(line, before)) {
          return before;
        }
        throw error;
      });
      drafts.remove(line.id);
      if (isHere()) {
        count.value += 1;
        orders.merge(order);
      }
      return order;
    } catch (error) {
      const id = isTaken(error) ? drafts.renew(line.id) : line.id;
      // A call that went no further says nothing of the one before it, whose answer stayed out.
      const hasGoneNoFurther = isStoppedOnTheWay(error) || error instanceof Unsent || error instanceof SignedOut;
      if (hasGoneNoFurther ? !unanswered.has(id) : error instanceof Refused) {
        drafts.markRefused(id);
      }
      if (!isHere() || error instanceof SignedOut) {
        return null; // the page asks to sign in again by itself
      }
      if (error instanceof Refused && OF_THE_MENU.has(error.type)) {
        await askMenu(line, id, error);
      } else {
        refuse(id, error, comebacksAtStart);
      }
      return null;
    }
  };

  return {
    stage,
    troubles,
    repriced,
    arrived,
    count,
    async place(userId) {
      if (stage.value !== 'idle') {
        return [];
      }
      stage.value = 'sending';
      refusals.value = new Map();
      repriced.value = new Set();
      arrived.value = [];
      outdated.clear();
      const asking = customers;
      const isHere = () => asking === customers;
      const placed: Order[] = [];
      for (const { id } of drafts.lines.value) {
        // As it is when its turn comes: the customer may have changed or removed it while others were sent.
        const line = drafts.lines.value.find((one) => one.id === id);
        const order = line ? await placeLine(line, userId, isHere) : null;
        if (order) {
          placed.push(order);
        }
      }
      if (!isHere()) {
        return [];
      }
      stage.value = 'idle';
      // The server may know what became of those without an answer; while it can't be asked, that is a lost question.
      void lookUp();
      return placed;
    },
    lookUp,
    forget() {
      customers += 1;
      stage.value = 'idle';
      refusals.value = new Map();
      repriced.value = new Set();
      arrived.value = [];
      outdated.clear();
    },
  };
}
