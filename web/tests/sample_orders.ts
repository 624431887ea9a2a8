import { vi } from 'vitest';
import type { Execute } from '../src/api/client.ts';
import type { Order } from '../src/api/documents.ts';
import { createOrders } from '../src/orders/orders.ts';

/** An order as the API gives it. */
export function orderOf(fields: Partial<Order> = {}): Order {
  return {
    id: '01K9ZZZZZZZZZZZZZZZZZZZZZZ',
    name: 'Margherita',
    quantity: 2,
    restaurantId: 'trattoria-roma',
    unitPrice: 950,
    total: 1900,
    currency: 'EUR',
    status: 'PENDING',
    failureReason: null,
    createdAt: '2026-11-25T12:00:00.000Z',
    updatedAt: '2026-11-25T12:00:00.000Z',
    changeableUntil: null,
    version: 1,
    ...fields,
  };
}

export const DISH = { restaurantId: 'trattoria-roma', name: 'Margherita', unitPrice: 950, currency: 'EUR' };

/** So many orders, newest first, of which `from` are left out. */
export const ids = (count: number, from = 0): Order[] =>
  Array.from({ length: count }, (_, place) => orderOf({ id: `01K${String(2000 - from - place)}` }));

/** Orders of an API that answers with these, or fails with an error, one call after the other. */
export function answering(...answers: unknown[]) {
  const execute = vi.fn(() => {
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  return { execute, orders: createOrders(execute as unknown as Execute) };
}
