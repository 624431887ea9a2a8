// A row, none, or a Query's rows in the schema's words; readMenuItem and insertOrder have the way back. One function a
// request: resolvers on the fields would run for each field of each order.
export function request() {
  return { payload: {} };
}

export function response(ctx) {
  const found = ctx.prev.result ?? null;
  if (found === null) {
    return null;
  }
  return found.items ? found.items.map((row) => presented(row)) : presented(found);
}

function presented(row) {
  const isChangeable = row.status === 'PENDING' && row.changeable_until !== row.created_at;
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    quantity: row.quantity,
    restaurantId: row.restaurant_id,
    unitPrice: row.unit_price,
    total: row.total,
    currency: row.currency,
    status: row.status,
    orderStatus: row.status,
    failureReason: row.failure_reason ?? null,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    // Without a change window, or past PENDING, there is no time that could be promised.
    changeableUntil: isChangeable ? row.changeable_until : null,
    version: row.version,
  };
}
