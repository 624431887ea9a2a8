import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals';
import { backoffMs } from '../api/backoff.ts';
import type { Execute } from '../api/client.ts';
import { PostOrder, type Order } from '../api/documents.ts';
import { isOutOfReach, isStoppedOnTheWay, NoAnswer, Refused, SignedOut, sentence } from '../api/errors.ts';
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
}

const ATTEMPTS = 4;
/** The refusals that say that the menu is another one than the page has. */
const OF_THE_MENU: ReadonlySet<string> = new Set(['PriceChanged', 'UnknownMenuItem']);
/** What the menu, read again, says of a line that was refused. */
const REPRICED = Symbol('repriced');
const GONE = Symbol('gone');

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
    const found = [...refusals.value].filter(([id, { asked }]) => asked === askedWith(id));
    return new Map(found.map(([id, { text }]) => [id, text]));
  });
  const repriced = signal<ReadonlySet<string>>(new Set());
  const arrived = signal<readonly string[]>([]);
  const count = signal(0);
  const outOfReach = new Set<string>();
  /** Those of them to which nobody answered at all. */
  const unreachable = new Set<string>();
  /** The ids that were sent without an answer: they may be those of orders, whatever was answered since. */
  const unanswered = new Set<string>();
  let customers = 0;

  const refuse = (id: string, why: unknown): void => {
    refusals.value = new Map(refusals.value).set(id, { text: sentence(why), asked: askedWith(id) });
  };
  const unrefuse = (isOver: (id: string) => boolean): void => {
    refusals.value = new Map([...refusals.value].filter(([id]) => !isOver(id)));
  };
  const isSent = (id: string): boolean => drafts.lines.value.some((line) => line.id === id && line.isSent);

  effect(() => {
    if (comebacks.value > 0) {
      untracked(() => unrefuse((id) => outOfReach.has(id)));
    }
  });
  // Any answer shows that the server is in reach. What was sent says itself that it has none.
  effect(() => {
    if (orders.checkedAt.value !== null) {
      untracked(() => unrefuse((id) => unreachable.has(id) && isSent(id)));
    }
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
        if (error instanceof NoAnswer) {
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
  /** What keeps the line from being placed: the error, unless the menu as it is now says it of the line. */
  const objection = async (line: Line, error: unknown): Promise<unknown> => {
    if (!(error instanceof Refused && OF_THE_MENU.has(error.type))) {
      return error;
    }
    try {
      await menus.readDishes(line.restaurantId);
    } catch (unread) {
      return error.type === 'PriceChanged' ? unread : error;
    }
    const [now] = priced([{ ...line, isSent: false }], menus.dishes.value);
    return now?.before ? REPRICED : now?.isGone ? GONE : error;
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
      if (error instanceof Refused && !(unanswered.has(id) && isStoppedOnTheWay(error))) {
        drafts.markRefused(id);
      }
      const trouble = await objection(line, error);
      if (isHere() && trouble === REPRICED) {
        repriced.value = new Set(repriced.value).add(id);
        // The page asks to sign in again by itself.
      } else if (isHere() && trouble !== GONE && !(trouble instanceof SignedOut)) {
        // Once the server is back, that it was out of reach is no longer so; it may be back by now.
        if (isOutOfReach(trouble)) {
          outOfReach.add(id);
        }
        if (trouble instanceof NoAnswer) {
          unreachable.add(id);
        }
        if (!(trouble instanceof NoAnswer && comebacks.value > comebacksAtStart && isSent(id))) {
          refuse(id, trouble);
        }
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
      outOfReach.clear();
      unreachable.clear();
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
    },
  };
}
