import type { Order } from '../src/api/documents.ts';

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
