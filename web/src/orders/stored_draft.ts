import { isValid as isUlid } from 'ulid';
import { CARDS } from './cards.ts';

export interface Line {
  /** The order's id, chosen as it is placed. Without an answer it is kept: however often it is sent, it is one order. */
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

export const MOST_OF_A_DISH = 100;
const KEY = 'orders.draft';
const LONGEST_NAME = 100;

type Unchecked<T> = Partial<Record<keyof T, unknown>>;

export function storeDraft(storage: Storage, draft: Draft): void {
  storage.setItem(KEY, JSON.stringify(draft));
}

/** The draft that `storage` holds. What isn't valid there, whoever left it, is as in `empty`. */
export function storedDraft(storage: Storage, empty: Draft): Draft {
  const found = parsed(storage.getItem(KEY));
  const owner = isText(found.owner) ? found.owner : empty.owner;
  const card = CARDS.find(({ method }) => method === found.paymentMethod)?.method ?? empty.paymentMethod;
  const lines: Line[] = [];
  for (const line of Array.isArray(found.lines) ? (found.lines as unknown[]) : []) {
    // Nobody can say whose order it is if a line was sent by nobody.
    if (isLine(line) && !(line.isSent && owner === null) && !lines.some((other) => isSameLine(line, other))) {
      lines.push(line);
    }
  }
  return { lines, paymentMethod: card, owner };
}

function parsed(text: string | null): Unchecked<Draft> {
  try {
    return (JSON.parse(text ?? '{}') as Unchecked<Draft> | null) ?? {};
  } catch {
    return {};
  }
}

function isLine(found: unknown): found is Line {
  const { id, restaurantId, name, unitPrice, currency, quantity, isSent } = (found ?? {}) as Unchecked<Line>;
  return (
    typeof id === 'string' &&
    isUlid(id) &&
    isText(restaurantId) &&
    isText(name) &&
    isCount(unitPrice, 0, Number.MAX_SAFE_INTEGER) &&
    typeof currency === 'string' &&
    /^[A-Z]{3}$/.test(currency) &&
    isCount(quantity, 1, MOST_OF_A_DISH) &&
    typeof isSent === 'boolean'
  );
}

function isSameLine(one: Line, other: Line): boolean {
  return one.id === other.id || (one.restaurantId === other.restaurantId && one.name === other.name);
}

function isText(found: unknown): found is string {
  return typeof found === 'string' && found !== '' && Array.from(found).length <= LONGEST_NAME;
}

function isCount(found: unknown, least: number, most: number): boolean {
  return Number.isSafeInteger(found) && (found as number) >= least && (found as number) <= most;
}
