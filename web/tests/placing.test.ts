import { decodeTime } from 'ulid';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Execute } from '../src/api/client.ts';
import { NoAnswer, Refused, SignedOut, Unsent } from '../src/api/errors.ts';
import { noteComeback } from '../src/api/network.ts';
import { learnServerTime } from '../src/orders/clock.ts';
import { createDrafts, priced, type Drafts } from '../src/orders/draft.ts';
import { createMenus } from '../src/orders/menus.ts';
import { createOrders, type Orders } from '../src/orders/orders.ts';
import { createPlacing } from '../src/orders/placing.ts';
import { DISH, orderOf } from './sample_orders.ts';

type Answer = Error | 'placed' | 'found' | { menu: number; currency?: string } | { none: true };

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
});

afterEach(() => vi.useRealTimers());

/** A desk with two Margherite, whose API gives these answers; beyond the last one it places. */
function deskAnswering(...answers: Answer[]) {
  const sent: {
    id: string;
    quantity: number;
    paymentMethod: string;
    expectedUnitPrice: number;
    expectedCurrency: string;
  }[] = [];
  const execute = vi.fn((_: unknown, variables: { id?: string; input?: (typeof sent)[number] }) => {
    const answer = answers.shift() ?? 'placed';
    if (variables.input) {
      sent.push(variables.input);
    }
    if (answer instanceof SignedOut) {
      placing.forget(); // as the desk does when a session ends
    }
    if (answer instanceof Error) {
      return Promise.reject(answer);
    }
    if (typeof answer === 'object' && 'none' in answer) {
      return Promise.resolve({ order: null });
    }
    if (typeof answer === 'object') {
      const { menu: unitPrice, currency = DISH.currency } = answer;
      return Promise.resolve({ menu: [{ ...DISH, unitPrice, currency, available: unitPrice > 0 }] });
    }
    const order = orderOf({ id: variables.input?.id ?? variables.id ?? '' });
    return Promise.resolve(answer === 'placed' ? { postOrder: order } : { order });
  });
  const drafts = createDrafts(sessionStorage);
  drafts.setQuantity(DISH, 2);
  const orders = createOrders(execute as unknown as Execute);
  const menus = createMenus(execute as unknown as Execute);
  const placing = createPlacing(execute as unknown as Execute, drafts, orders, menus);
  const asked = () => execute.mock.calls.flatMap(([, { id }]) => id ?? []);
  return { asked, sent, drafts, orders, menus, placing };
}

async function placed<T>(placing: Promise<T>): Promise<T> {
  const end = vi.fn();
  placing.then(end, end);
  for (await vi.advanceTimersByTimeAsync(0); end.mock.calls.length === 0;) {
    await vi.advanceTimersToNextTimerAsync();
  }
  await vi.advanceTimersByTimeAsync(0);
  return placing;
}

test('a double click is one call', async () => {
  const { sent, placing } = deskAnswering();

  const both = [placing.place('me'), placing.place('me')];
  await placed(Promise.all(both));

  expect(sent).toHaveLength(1);
});

test('a lost answer is asked for again with the same id', async () => {
  const { sent, drafts, placing } = deskAnswering(new NoAnswer(), new NoAnswer());

  const orders = await placed(placing.place('me'));

  expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
  expect(sent).toHaveLength(3);
  expect(orders).toHaveLength(1);
  expect(drafts.lines.value).toEqual([]);
});

test('an order is not sent again for another customer who signed in meanwhile', async () => {
  const { sent, placing } = deskAnswering(new NoAnswer());

  const mine = placing.place('me');
  placing.forget();

  expect(await placed(mine)).toEqual([]);
  expect(sent).toHaveLength(1);
});

test('while an order of another customer would have been sent again, the next one can place theirs', async () => {
  const { sent, drafts, placing } = deskAnswering(new NoAnswer());
  const before = placing.place('another');
  await vi.advanceTimersByTimeAsync(0);
  expect(placing.stage.value).toBe('retrying');

  placing.forget();
  drafts.clear();
  drafts.setQuantity(DISH, 1);
  const mine = placing.place('me');

  expect(await placed(mine)).toHaveLength(1);
  expect(await placed(before)).toEqual([]);
  expect(sent).toHaveLength(2);
  expect(placing.stage.value).toBe('idle');
});

test('what an earlier customer was refused is no trouble of the next', async () => {
  const { placing } = deskAnswering(new Refused('UnknownMenuItem', 'no such dish'));
  const before = placing.place('another');
  placing.forget();

  await placed(before);

  expect(placing.troubles.value.size).toBe(0);
});

test('an order without an answer stays as it was sent, over a reload too, and is sent again with its id', async () => {
  const silence = Array.from({ length: 4 }, () => new NoAnswer());
  const { sent, drafts, placing } = deskAnswering(...silence);
  await placed(placing.place('me'));
  drafts.setQuantity(DISH, 5);
  const reloaded = createDrafts(sessionStorage);

  await placed(placing.place('me'));

  expect(reloaded.lines.value).toMatchObject([{ id: sent[0]?.id, quantity: 2, isSent: true }]);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
});

test('an id that is an order of the same already shows that order', async () => {
  const { drafts, placing } = deskAnswering(new Refused('OrderConflict', 'same id'), 'found');

  const orders = await placed(placing.place('me'));

  expect(orders).toHaveLength(1);
  expect(drafts.lines.value).toEqual([]);
});

test('an id that is an order of something else says so, and what is here is placed as a new one only when asked', async () => {
  const { sent, drafts, placing } = deskAnswering(new Refused('OrderConflict', 'same id'), 'found');
  drafts.setQuantity(DISH, 3); // the order that is found is of 2

  expect(await placed(placing.place('me'))).toEqual([]);
  const [line] = drafts.lines.value;
  expect(line).toMatchObject({ quantity: 3, isSent: false });
  expect(placing.troubles.value.get(line?.id ?? '')).toMatch(/ordered before/);
  expect(sent).toHaveLength(1);
  const orders = await placed(placing.place('me'));

  expect(orders).toHaveLength(1);
  expect(sent.map(({ quantity }) => quantity)).toEqual([3, 3]);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(2);
  expect(drafts.lines.value).toEqual([]);
});

test('too many open orders leave the basket as it is, to be placed later', async () => {
  const { sent, drafts, placing } = deskAnswering(new Refused('TooManyOpenOrders', 'at most 5, got 6'));

  await placed(placing.place('me'));
  const [line] = drafts.lines.value;
  expect(line).toMatchObject({ quantity: 2, isSent: false });
  expect(placing.troubles.value.get(line?.id ?? '')).toMatch(/^You have too many orders .* Wait until one of them is/);
  const orders = await placed(placing.place('me'));

  expect(orders).toHaveLength(1);
  expect(sent).toHaveLength(2);
});

test('a refused order says why, and can be changed', async () => {
  const { drafts, placing } = deskAnswering(new Refused('UnknownMenuItem', 'no such dish'), { menu: 950 });

  const orders = await placed(placing.place('me'));

  const [line] = drafts.lines.value;
  expect(orders).toEqual([]);
  expect(line?.isSent).toBe(false);
  expect(placing.troubles.value.get(line?.id ?? '')).toMatch(/isn’t on the menu/);
});

test.each([[new NoAnswer('502')], [{ menu: 0 }]])(
  'a dish that is refused has its menu read again, which says that it is gone; without one, the refusal says it',
  async (menu) => {
    const { drafts, menus, placing } = deskAnswering(new Refused('UnknownMenuItem', 'no such dish'), menu);

    await placed(placing.place('me'));

    const isRead = !(menu instanceof Error);
    expect(priced(drafts.lines.value, menus.dishes.value)).toMatchObject([{ isGone: isRead }]);
    expect([...placing.troubles.value.values()]).toEqual(isRead ? [] : [expect.stringMatching(/isn’t on the menu/)]);
    expect(placing.repriced.value.size).toBe(0);
  },
);

test('a session that ends keeps the draft, for the same customer only what was sent too', async () => {
  const { sent, drafts, placing } = deskAnswering(new NoAnswer(), new SignedOut());
  drafts.setQuantity({ ...DISH, name: 'Tiramisù' }, 1);

  await placed(placing.place('me'));

  const [first, second] = drafts.lines.value;
  drafts.adopt('me');
  expect(sent.map(({ id }) => id)).toEqual([first?.id, first?.id]);
  expect(drafts.lines.value).toHaveLength(2);
  drafts.adopt('another');

  expect(placing.stage.value).toBe('idle');
  expect(drafts.lines.value.map(({ id }) => id)).toEqual([second?.id]);
});

test.each([
  ['for which there was no token', new Unsent('Cognito answered 503')],
  ['whose token is refused', new SignedOut('the API refuses the token')],
])('an order %s was never sent, and can be changed', async (_, error) => {
  const { drafts, placing } = deskAnswering(...Array<Error>(4).fill(error));

  await placed(placing.place('me'));

  expect(drafts.lines.value).toMatchObject([{ isSent: false }]);
  drafts.adopt('another');
  expect(drafts.leftOut.value).toBe(0);
});

test('an order that could not be sent says so also once the server is back', async () => {
  const { placing } = deskAnswering(...Array<Error>(4).fill(new Unsent('Cognito answered 503')));
  await placed(placing.place('me'));
  expect([...placing.troubles.value.values()]).toEqual([expect.stringMatching(/can’t reach the server at the moment/)]);

  noteComeback();

  expect([...placing.troubles.value.values()]).toEqual(['There was no answer. Please try again.']);
});

test('each dish is an order of its own', async () => {
  const { sent, drafts, placing } = deskAnswering();
  drafts.setQuantity({ ...DISH, name: 'Tiramisù' }, 1);

  const orders = await placed(placing.place('me'));

  expect(orders).toHaveLength(2);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(2);
});

test('a dish that was changed or taken out while another was sent is sent so, or not at all', async () => {
  const { sent, drafts, placing } = deskAnswering();
  const tiramisu = { ...DISH, name: 'Tiramisù' };
  const risotto = { ...DISH, name: 'Risotto' };
  drafts.setQuantity(tiramisu, 1);
  drafts.setQuantity(risotto, 1);

  const orders = placing.place('me');
  drafts.setQuantity(tiramisu, 3);
  drafts.setQuantity(risotto, 0);
  await placed(orders);

  expect(sent).toMatchObject([
    { name: DISH.name, quantity: 2 },
    { name: 'Tiramisù', quantity: 3 },
  ]);
});

const repriced = new Refused('PriceChanged', 'expectedUnitPrice must be 4500, got 950');

test('an order is placed at the price that was shown, and at no other', async () => {
  const { sent, drafts, placing } = deskAnswering(repriced, { menu: 4500 });

  const orders = await placed(placing.place('me'));

  const [line] = drafts.lines.value;
  expect(orders).toEqual([]);
  expect(sent).toMatchObject([{ expectedUnitPrice: 950, expectedCurrency: 'EUR' }]);
  expect(line?.isSent).toBe(false);
  expect([...placing.repriced.value]).toEqual([line?.id]);
  expect(placing.troubles.value.size).toBe(0);
});

test('who agrees to the new price places the order at it', async () => {
  const { sent, drafts, menus, placing } = deskAnswering(repriced, { menu: 4500 });
  await placed(placing.place('me'));

  drafts.agree(priced(drafts.lines.value, menus.dishes.value));
  const orders = await placed(placing.place('me'));

  expect(orders).toHaveLength(1);
  expect(sent.map(({ expectedUnitPrice }) => expectedUnitPrice)).toEqual([950, 4500]);
  expect(placing.repriced.value.size).toBe(0);
});

test('who agrees to the same number in a new currency places the order in it, and nobody else does', async () => {
  const { sent, drafts, menus, placing } = deskAnswering(repriced, { menu: 950, currency: 'USD' });
  await placed(placing.place('me'));
  const [line] = drafts.lines.value;
  const shown = priced(drafts.lines.value, menus.dishes.value);

  expect([...placing.repriced.value]).toEqual([line?.id]);
  expect(shown).toMatchObject([{ unitPrice: 950, currency: 'USD', before: { unitPrice: 950, currency: 'EUR' } }]);
  drafts.agree(shown);
  await placed(placing.place('me'));

  expect(sent.map(({ expectedUnitPrice, expectedCurrency }) => [expectedUnitPrice, expectedCurrency])).toEqual([
    [950, 'EUR'],
    [950, 'USD'],
  ]);
});

test.each<[string, Answer, RegExp]>([
  ['can’t be read', new NoAnswer('503'), /can’t reach the server/],
  ['has the price that was shown again', { menu: 950 }, /price of this dish has changed/],
])('a new price that can’t be shown, since the menu %s, is no question', async (_, menu, trouble) => {
  const { drafts, placing } = deskAnswering(repriced, menu);

  await placed(placing.place('me'));

  expect(placing.repriced.value.size).toBe(0);
  expect(placing.troubles.value.get(drafts.lines.value[0]?.id ?? '')).toMatch(trouble);
});

test('a new price that can’t be read is asked about once it is, and until then its trouble is said', async () => {
  const { drafts, menus, placing } = deskAnswering(repriced, ...silence(), { menu: 4500 });
  await placed(placing.place('me'));
  noteComeback();
  await vi.advanceTimersByTimeAsync(0);
  expect(placing.repriced.value.size).toBe(0);
  expect([...placing.troubles.value.values()]).toEqual([expect.stringMatching(/There was no answer/)]);

  await vi.advanceTimersByTimeAsync(10_000);

  const [line] = drafts.lines.value;
  expect([...placing.repriced.value]).toEqual([line?.id]);
  expect(placing.troubles.value).toEqual(new Map());
  expect(priced(drafts.lines.value, menus.dishes.value)).toMatchObject([
    { unitPrice: 4500, before: { unitPrice: 950 } },
  ]);
});

test('what was sent without an answer is sent again at the price that it was sent with', async () => {
  const silence = Array.from({ length: 4 }, () => new NoAnswer());
  const { sent, drafts, menus, placing } = deskAnswering(...silence, { menu: 4500 });
  await placed(placing.place('me'));
  await menus.readDishes(DISH.restaurantId);

  const shown = priced(drafts.lines.value, menus.dishes.value);
  drafts.agree(shown);
  await placed(placing.place('me'));

  expect(shown).toMatchObject([{ unitPrice: 950, before: null }]);
  expect(new Set(sent.map(({ expectedUnitPrice }) => expectedUnitPrice))).toEqual(new Set([950]));
});

test('what has no answer is sent again under the id that it had, whatever time it is by then', async () => {
  const { sent, drafts, placing } = deskAnswering(...Array<NoAnswer>(4).fill(new NoAnswer()));
  await placed(placing.place('me'));
  expect(drafts.lines.value).toMatchObject([{ isSent: true }]);
  await vi.advanceTimersByTimeAsync(3_600_000);

  await placed(placing.place('me'));

  expect(sent).toHaveLength(5);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
});

test('an order is as new as its placing, however long it was in the basket', async () => {
  learnServerTime(Date.now(), Date.now(), Date.now());
  const { sent, drafts, placing } = deskAnswering(new Refused('TooManyOpenOrders', 'at most 5, got 6'));
  await vi.advanceTimersByTimeAsync(3_600_000);
  const [placedAt, again] = [Date.now(), Date.now() + 3_600_000];

  await placed(placing.place('me'));
  expect(drafts.lines.value).toMatchObject([{ id: sent[0]?.id, isSent: false }]);
  await vi.advanceTimersByTimeAsync(again - Date.now());
  await placed(placing.place('me'));

  expect(sent.map(({ id }) => decodeTime(id))).toEqual([placedAt, again]);
});

test('an order that had no answer once keeps its id, also when it was refused since', async () => {
  const { sent, drafts, placing } = deskAnswering(new NoAnswer(), new Refused('TooManyOpenOrders', 'at most 5, got 6'));
  await placed(placing.place('me'));
  expect(drafts.lines.value).toMatchObject([{ isSent: false }]);

  await placed(placing.place('me'));

  expect(sent).toHaveLength(3);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
});

test('an order without an answer keeps its id over a reload, and over a refusal after that', async () => {
  const before = deskAnswering(...Array<NoAnswer>(4).fill(new NoAnswer()));
  await placed(before.placing.place('me'));
  const { sent, placing } = deskAnswering(new Refused('TooManyOpenOrders', 'at most 5, got 6'));

  await placed(placing.place('me'));
  await placed(placing.place('me'));

  expect(sent.map(({ id }) => id)).toEqual([before.sent[0]?.id, before.sent[0]?.id]);
});

test('once the server is back, an order without an answer is no longer said to be out of reach', async () => {
  const { drafts, placing } = deskAnswering(
    ...Array<NoAnswer>(4).fill(new NoAnswer()),
    new Refused('InvalidInput', 'no'),
  );
  drafts.setQuantity({ ...DISH, name: 'Tiramisù' }, 1);
  await placed(placing.place('me'));
  const [unsure, refused] = drafts.lines.value.map(({ id }) => id);
  expect([...placing.troubles.value.keys()]).toEqual([unsure, refused]);

  dispatchEvent(new Event('online'));

  expect([...placing.troubles.value.keys()]).toEqual([refused]);
  expect(drafts.lines.value).toMatchObject([{ isSent: true }, { isSent: false }]);
});

test.each(['ForbiddenException', 'TooManyRequestsException'])(
  'what went no further (%s) is tried once, and says so; after a lost answer the order may have arrived',
  async (type) => {
    const stopped = new Refused(type, 'answered 403');
    const { sent, drafts, placing } = deskAnswering(stopped, new NoAnswer('timeout'), stopped);

    await placed(placing.place('me'));
    expect(sent).toHaveLength(1);
    expect([...placing.troubles.value.values()]).toEqual([expect.stringMatching(/firewall|Too many/)]);
    expect(drafts.lines.value[0]?.isSent).toBe(false);
    noteComeback();
    expect([...placing.troubles.value.values()]).toEqual([expect.stringMatching(/firewall|Too many/)]);
    await placed(placing.place('me'));

    expect(sent).toHaveLength(3);
    expect(drafts.lines.value).toMatchObject([{ id: sent[1]?.id, isSent: true }]);
  },
);

test.each([
  ['another quantity', ({ setQuantity }: Drafts) => setQuantity(DISH, 5)],
  ['another card', ({ setPaymentMethod }: Drafts) => setPaymentMethod('pm_card_chargeDeclined')],
])('what was refused isn’t said of %s', async (_, change) => {
  const { drafts, placing } = deskAnswering(new Refused('InvalidInput', 'quantity must be 1 to 100, got 2'));
  await placed(placing.place('me'));
  expect([...placing.troubles.value.values()]).toEqual(['Quantity must be 1 to 100, got 2.']);

  change(drafts);

  expect(placing.troubles.value).toEqual(new Map());
});

const silence = (count = 4) => Array.from({ length: count }, () => new NoAnswer());

test('a line without an answer has one once the page knows its order, however it got to know it', async () => {
  const { drafts, orders, placing } = deskAnswering(...silence());
  await placed(placing.place('me'));
  const [line] = drafts.lines.value;
  expect(line?.isSent).toBe(true);

  orders.merge(orderOf({ id: line?.id ?? '' }));

  expect(drafts.lines.value).toEqual([]);
  expect(placing.troubles.value).toEqual(new Map());
  expect(placing.arrived.value).toEqual([line?.id]);
  drafts.setQuantity(DISH, 1);
  await placed(placing.place('me'));
  expect(placing.arrived.value).toEqual([]);
});

test('a line from before a reload has its answer once its order is listed', async () => {
  const before = deskAnswering(...silence());
  await placed(before.placing.place('me'));
  const { drafts, orders } = deskAnswering();
  expect(drafts.lines.value).toMatchObject([{ isSent: true }]);

  orders.merge(orderOf({ id: before.sent[0]?.id ?? '', status: 'CANCELLED', version: 2 }));

  expect(drafts.lines.value).toEqual([]);
});

test('a line whose id is that of an order of something else can be ordered as another one', async () => {
  const { sent, drafts, orders, placing } = deskAnswering(...silence());
  await placed(placing.place('me'));

  orders.merge(orderOf({ id: sent[0]?.id ?? '', quantity: 7 }));

  const [line] = drafts.lines.value;
  expect(line).toMatchObject({ quantity: 2, isSent: false });
  expect(line?.id).not.toBe(sent[0]?.id);
  expect([...placing.troubles.value]).toEqual([[line?.id, expect.stringMatching(/ordered before/)]]);
  expect(placing.arrived.value).toEqual([]);
});

test('an order that isn’t that of the line leaves it unanswered', async () => {
  const { drafts, orders, placing } = deskAnswering(...silence());
  await placed(placing.place('me'));

  orders.merge(orderOf());

  expect(drafts.lines.value).toMatchObject([{ isSent: true }]);
});

test('news of an order that is being sent again leave it to that, and are its answer once that has ended', async () => {
  const { sent, drafts, orders, placing } = deskAnswering(...silence());
  const all = placing.place('me');
  await vi.advanceTimersByTimeAsync(0);
  expect(placing.stage.value).toBe('retrying');

  orders.merge(orderOf({ id: sent[0]?.id ?? '' }));
  expect(drafts.lines.value).toHaveLength(1);
  await placed(all);

  expect(drafts.lines.value).toEqual([]);
  expect(placing.arrived.value).toEqual([sent[0]?.id]);
});

test.each([
  ['comes back', () => noteComeback()],
  ['tells something else', (orders: Orders) => orders.merge(orderOf())],
])('once the server %s, an order without an answer is no longer said to be out of reach', async (_, comeBack) => {
  const { drafts, orders, placing } = deskAnswering(...silence(), new NoAnswer());
  await placed(placing.place('me'));
  expect([...placing.troubles.value.values()]).toEqual([expect.stringMatching(/can’t reach/)]);

  comeBack(orders);

  expect(placing.troubles.value).toEqual(new Map());
  expect(drafts.lines.value).toMatchObject([{ isSent: true }]);
});

test('a server that came back during the last attempt isn’t said to be out of reach', async () => {
  const { drafts, placing } = deskAnswering(...silence(5));
  const both = placing.place('me');
  await vi.advanceTimersByTimeAsync(0);

  noteComeback();
  await placed(both);

  expect(placing.troubles.value).toEqual(new Map());
  expect(drafts.lines.value).toMatchObject([{ isSent: true }]);
});

test.each([
  ['once the server is back', noteComeback, 'found' as const, 0],
  ['which finds nothing, and the answer stays out', noteComeback, { none: true } as const, 1],
])('the page asks for an order without an answer %s', async (_, comeBack, answer, left) => {
  const { asked, drafts, placing } = deskAnswering(...silence(5), answer);
  await placed(placing.place('me'));
  const [line] = drafts.lines.value;
  expect(asked()).toEqual([line?.id]);

  comeBack();
  await vi.runAllTimersAsync();

  // Once because the server is back, and once more because it answered what it hadn't.
  expect(new Set(asked())).toEqual(new Set([line?.id]));
  expect(asked().length).toBeGreaterThanOrEqual(2);
  expect(drafts.lines.value).toHaveLength(left);
  expect(drafts.lines.value.every(({ isSent }) => isSent)).toBe(true);
});

test('the page asks for it when another order was placed after it, and not for what was never sent', async () => {
  const { asked, drafts, placing } = deskAnswering(...silence(), 'placed', 'found');
  drafts.setQuantity({ ...DISH, name: 'Tiramisù' }, 1);
  const [first] = drafts.lines.value;

  const orders = await placed(placing.place('me'));
  await vi.runAllTimersAsync();

  expect(orders).toHaveLength(1);
  expect(asked()).toHaveLength(1);
  expect(drafts.lines.value).toEqual([]);
  expect(first?.isSent).toBe(false);
  drafts.setQuantity(DISH, 1);
  noteComeback();
  await vi.runAllTimersAsync();
  expect(asked()).toHaveLength(1);
});

test('what arrived without an answer counts as an order like what had one, and what is left or refused doesn’t', async () => {
  const { drafts, orders, sent, placing } = deskAnswering(...silence(), 'placed', new Refused('InvalidInput', 'no'));
  drafts.setQuantity({ ...DISH, name: 'Tiramisù' }, 1);
  drafts.setQuantity({ ...DISH, name: 'Risotto' }, 1);
  await placed(placing.place('me'));
  expect([placing.count.value, drafts.lines.value.length]).toEqual([1, 2]);

  orders.merge(orderOf({ id: sent[0]?.id ?? '' }));

  expect([placing.count.value, drafts.lines.value.length]).toEqual([2, 1]);
});

test('an order of an earlier customer that is placed late doesn’t count', async () => {
  const { drafts, sent, placing } = deskAnswering();
  const before = placing.place('another');
  placing.forget();

  await placed(before);

  expect([sent.length, drafts.lines.value.length, placing.count.value]).toEqual([1, 0, 0]);
});
