import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { ulid } from 'ulid';
import type { MenuItem } from '../api/documents.ts';
import { serverNow } from './clock.ts';
import { isSamePrice } from './money.ts';

export interface Line {
  /** The order's id, chosen here and kept until there is an answer: however often it is sent, it is one order. */
  readonly id: string;
  readonly restaurantId: string;
  readonly name: string;
  /** The price that the customer agreed to by putting the dish here or placing it; `priced` says what it costs now. */
  readonly unitPrice: number;
  readonly currency: string;
  readonly quantity: number;
  /** Sent, and no answer yet: its content stays as it is, since the order may exist. */
  readonly isSent: boolean;
}

export interface Draft {
  readonly lines: readonly Line[];
  readonly paymentMethod: string;
  /** Who sent lines that have no answer yet. */
  readonly owner: string | null;
}

export interface Dish {
  readonly restaurantId: string;
  readonly name: string;
  readonly unitPrice: number;
  readonly currency: string;
}

/** What the customer is putting together; it outlives a reload and a session that ends. */
export interface Drafts {
  readonly draft: ReadonlySignal<Draft>;
  readonly lines: ReadonlySignal<readonly Line[]>;
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
  remove(id: string): void;
  /** Somebody signed in: what another customer had sent isn't theirs. */
  adopt(userId: string): void;
  clear(): void;
}

export const MOST_OF_A_DISH = 100;
export const FIRST_CARD = 'pm_card_visa';
const KEY = 'orders.draft';
const EMPTY: Draft = { lines: [], paymentMethod: FIRST_CARD, owner: null };

/** The draft that `storage` holds, or an empty one. */
export function createDrafts(storage: Storage): Drafts {
  const draft = signal<Draft>(stored(storage));
  const set = (next: Partial<Draft>): void => {
    draft.value = { ...draft.value, ...next };
    storage.setItem(KEY, JSON.stringify(draft.value));
  };
  const setLines = (lines: readonly Line[]): void => set({ lines });
  const edit = (id: string, change: Partial<Line>): readonly Line[] =>
    draft.value.lines.map((line) => (line.id === id ? { ...line, ...change } : line));
  const lineOf = (dish: Dish): Line | undefined =>
    draft.value.lines.find((line) => line.restaurantId === dish.restaurantId && line.name === dish.name);

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
    markSent: (id, owner) => set({ lines: edit(id, { isSent: true }), owner }),
    markRefused: (id) => setLines(edit(id, { isSent: false })),
    remove: (id) => setLines(draft.value.lines.filter((line) => line.id !== id)),
    adopt(userId) {
      const { owner, lines } = draft.value;
      if (owner !== null && owner !== userId) {
        set({ lines: lines.filter((line) => !line.isSent), owner: null });
      }
    },
    clear: () => set(EMPTY),
  };
}

function newLine({ restaurantId, name, unitPrice, currency }: Dish, quantity: number): Line {
  // Orders are listed by their ids, and the clocks of a customer's devices may differ.
  return { id: ulid(serverNow()), restaurantId, name, unitPrice, currency, quantity, isSent: false };
}

function stored(storage: Storage): Draft {
  try {
    return { ...EMPTY, ...(JSON.parse(storage.getItem(KEY) ?? '{}') as Partial<Draft>) };
  } catch {
    return EMPTY;
  }
}

export function dishOf(item: MenuItem): Dish {
  return { restaurantId: item.restaurantId, name: item.name, unitPrice: item.unitPrice, currency: item.currency };
}

/** A line at the price that its menu has now. */
export interface PricedLine extends Line {
  /** The line as it was put into the draft, if its dish costs something else now. */
  readonly before: Line | null;
}

/**
 * The lines at the prices of the menus that were read. A line whose menu wasn't keeps its own price, and so does one that
 * was sent: if it is an order by now, it is one at that price.
 */
export function priced(lines: readonly Line[], menus: ReadonlyMap<string, readonly MenuItem[]>): readonly PricedLine[] {
  return lines.map((line) => {
    const item = menus.get(line.restaurantId)?.find(({ name }) => name === line.name);
    const { unitPrice, currency } = (line.isSent ? null : item) ?? line;
    const now = { ...line, unitPrice, currency };
    return { ...now, before: isSamePrice(now, line) ? null : line };
  });
}
