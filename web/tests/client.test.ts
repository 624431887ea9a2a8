import { expect, test, vi } from 'vitest';
import { createClient } from '../src/api/client.ts';
import { OneOrder, OrdersPage } from '../src/api/documents.ts';
import { NoAnswer, Unreadable, Unsent } from '../src/api/errors.ts';
import { orderOf } from './sample_orders.ts';

const TROUBLE = { errors: [{ errorType: 'InternalFailure', message: 'try again' }] };
const tokens = vi.fn((options?: { fresh: boolean }) => Promise.resolve(options?.fresh ? 'fresh' : 'kept'));

function clientAnswering(...answers: (Response | Error)[]) {
  const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(() => {
    const answer = answers.shift() ?? new Error('no more answers');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  const onRefused = vi.fn();
  return { fetched, onRefused, execute: createClient('http://api.example/graphql', tokens, onRefused) };
}

test('a token that is refused is replaced once', async () => {
  const { fetched, execute } = clientAnswering(
    Response.json({}, { status: 401 }),
    Response.json({ data: { order: orderOf() } }),
  );

  const { order } = await execute(OneOrder, { id: 'a' });

  expect(order).toEqual(orderOf());
  expect(fetched.mock.calls.map(([, init]) => new Headers(init?.headers).get('authorization'))).toEqual([
    'kept',
    'fresh',
  ]);
});

test('a call for which there is no token is known not to have been sent, and one without an answer isn’t', async () => {
  const { execute, fetched } = clientAnswering();
  tokens.mockRejectedValueOnce(new NoAnswer('Cognito answered 503'));

  await expect(execute(OneOrder, { id: 'a' })).rejects.toBeInstanceOf(Unsent);
  expect(fetched).not.toHaveBeenCalled();
  await expect(execute(OneOrder, { id: 'a' })).rejects.not.toBeInstanceOf(Unsent);
});

test('a token that stays refused means signed out, which the session hears', async () => {
  const refused = () => Response.json({}, { status: 401 });
  const { execute, onRefused } = clientAnswering(refused(), refused());

  await expect(execute(OneOrder, { id: 'a' })).rejects.toMatchObject({ name: 'SignedOut' });

  expect(onRefused.mock.calls).toEqual([['fresh']]);
});

test.each([
  ['a network that is down', new TypeError('Failed to fetch')],
  ['a server in trouble', Response.json(TROUBLE, { status: 503 })],
  ['a throttled call', Response.json(TROUBLE, { status: 429 })],
  ['an answer that is cut off', new Response('{"data": {"or')],
  [
    'a data source that failed',
    Response.json({ data: null, errors: [{ errorType: 'DynamoDB:InternalServerError', message: '' }] }),
  ],
  ['an answer of some proxy', new Response('<html>')],
])('%s is no answer: the call may have had an effect', async (_, answer) => {
  const { execute } = clientAnswering(answer);

  await expect(execute(OneOrder, { id: 'a' })).rejects.toMatchObject({ name: 'NoAnswer' });
});

test.each([
  ['a page', new Response('<html><h1>403 ERROR</h1></html>', { status: 403 })],
  [
    'an error of AppSync’s',
    Response.json({ errors: [{ errorType: 'WAFForbiddenException', message: '403 Forbidden' }] }, { status: 403 }),
  ],
  ['an empty answer', new Response(null, { status: 403 })],
])('what a firewall stops is refused, whatever it answers (%s), and nothing was done', async (_, answer) => {
  const { execute, fetched } = clientAnswering(answer);

  await expect(execute(OneOrder, { id: 'a' })).rejects.toMatchObject({ name: 'Refused', type: 'ForbiddenException' });
  expect(fetched).toHaveBeenCalledTimes(1);
});

test('a value that the API has no words for can’t be read, and asking again doesn’t help', async () => {
  const errors = [{ message: 'Can’t serialize value (/order/status)', errorType: null }];
  const { execute } = clientAnswering(Response.json({ data: { order: null }, errors }));

  await expect(execute(OneOrder, { id: 'a' })).rejects.toBeInstanceOf(Unreadable);
});

test.each([
  'InvalidInput',
  'OrderNotFound',
  'OrderConflict',
  'OrderNotChangeable',
  'UnknownMenuItem',
  'PriceChanged',
  'TooManyOpenOrders',
  'Unauthorized',
])('an error of the API keeps its type (%s)', async (type) => {
  const errors = [{ errorType: type, message: 'it is so' }];
  const { execute } = clientAnswering(Response.json({ data: { order: null }, errors }));

  await expect(execute(OneOrder, { id: 'a' })).rejects.toMatchObject({ name: 'Refused', type });
});

test('of a list, what could be read is shown', async () => {
  const errors = [{ errorType: 'MappingTemplate', message: 'status' }];
  const { execute } = clientAnswering(Response.json({ data: { orders: [orderOf(), null] }, errors }));

  const { orders } = await execute(OrdersPage, { first: 10 });

  expect(orders).toEqual([orderOf(), null]);
});
