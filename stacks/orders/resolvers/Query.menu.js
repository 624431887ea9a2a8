// A restaurant's dishes: checkArguments → listMenu. An unknown restaurant has none: to tell it from one with an empty
// menu would take a second read, and no error type of the contract means it.
export function request(ctx) {
  ctx.stash.restaurantId = ctx.args.restaurantId;
  return {};
}

export function response(ctx) {
  return ctx.prev.result.map((row) => ({
    restaurantId: row.restaurant_id,
    name: row.name,
    unitPrice: row.unit_price,
    currency: row.currency,
    available: row.available,
  }));
}
