import { beforeEach, expect, test } from 'vitest';
import { createDrafts } from '../src/orders/draft.ts';
import { DISH } from './sample_orders.ts';

const LINE = { ...DISH, id: '01K9ZZZZZZZZZZZZZZZZZZZZZZ', quantity: 2, isSent: false };
const GOOD = { lines: [LINE], paymentMethod: 'pm_card_chargeDeclined', owner: 'me' };
const EMPTY = { lines: [], paymentMethod: 'pm_card_visa', owner: null };

beforeEach(() => sessionStorage.clear());

/** The draft that a page begins with which finds this text, with the ids that were stored. */
function draftOf(text: string) {
  sessionStorage.setItem('orders.draft', text);
  const draft = createDrafts(sessionStorage).draft.value;
  return { ...draft, lines: draft.lines.map((line) => (line.isSent ? line : { ...line, id: LINE.id })) };
}

const ANYTHING: readonly unknown[] = [null, undefined, true, 0, -1, 1.5, 1e300, '', 'x', '<b>', [], [1], {}, { id: 1 }];

test('a draft that was stored is there again', () => {
  expect(draftOf(JSON.stringify(GOOD))).toEqual(GOOD);
});

test.each(['', 'undefined', '{"lines":[', 'null', '0', '""', '[]', '[null]', '{}', 'true'])(
  'what is no draft at all is an empty one (%s)',
  (text) => {
    expect(draftOf(text)).toEqual(EMPTY);
  },
);

test.each(ANYTHING)('lines that are none are left out (%o)', (lines) => {
  expect(draftOf(JSON.stringify({ ...GOOD, lines }))).toEqual({ ...GOOD, lines: [] });
});

test.each(ANYTHING)('a line that is none takes no other with it (%o)', (line) => {
  expect(draftOf(JSON.stringify({ ...GOOD, lines: [line, LINE] })).lines).toEqual([LINE]);
});

const VALID: Readonly<Record<keyof typeof LINE, readonly unknown[]>> = {
  id: [],
  restaurantId: ['x', '<b>'],
  name: ['x', '<b>'],
  unitPrice: [0],
  currency: [],
  quantity: [],
  isSent: [true],
};

test.each(Object.keys(LINE) as (keyof typeof LINE)[])('a line with an impossible %s is left out', (field) => {
  const impossible = [...ANYTHING, 'w'.repeat(101)].filter((value) => !VALID[field].includes(value));
  const lines = impossible.map((value) => ({ ...LINE, [field]: value }));

  expect(lines.map((line) => draftOf(JSON.stringify({ ...GOOD, lines: [line] })).lines)).toEqual(lines.map(() => []));
});

test.each([101, 0])('no line has %i of a dish', (quantity) => {
  expect(draftOf(JSON.stringify({ ...GOOD, lines: [{ ...LINE, quantity }] })).lines).toEqual([]);
});

test.each([...ANYTHING, 'pm_card_unknown', '__proto__'])(
  'a card that nobody offers is the first one (%o)',
  (paymentMethod) => {
    expect(draftOf(JSON.stringify({ ...GOOD, paymentMethod }))).toEqual({ ...GOOD, paymentMethod: 'pm_card_visa' });
  },
);

test('what was sent by nobody is nobody’s', () => {
  const sent = { ...LINE, isSent: true };

  expect(draftOf(JSON.stringify({ ...GOOD, lines: [sent] })).lines).toEqual([sent]);
  expect(draftOf(JSON.stringify({ ...GOOD, lines: [sent], owner: 7 }))).toEqual({ ...GOOD, lines: [], owner: null });
});

test('an order or a dish is there once', () => {
  const sameDish = { ...LINE, id: '01K9YYYYYYYYYYYYYYYYYYYYYY' };
  const sameId = { ...LINE, name: 'Tiramisù' };

  expect(draftOf(JSON.stringify({ ...GOOD, lines: [LINE, sameDish, sameId] })).lines).toEqual([LINE]);
});

test('a name may have a hundred characters, however long each of them is', () => {
  const line = { ...LINE, name: '👩'.repeat(100) };

  expect(draftOf(JSON.stringify({ ...GOOD, lines: [line] })).lines).toEqual([line]);
});
