// New content at today's price for an order that is still PENDING: checkArguments → readOrder → requireChangeable →
// readMenuItem → updateOrder → readOrder → requireChangeable → presentOrder. The order is read first so that what is
// wrong with it is said before what is wrong with the dish; the write's own condition decides.
export function request(ctx) {
  const { id, expectedUnitPrice, expectedCurrency, ...input } = ctx.args.input;
  ctx.stash.id = id;
  ctx.stash.input = input;
  ctx.stash.expectedUnitPrice = expectedUnitPrice;
  ctx.stash.expectedCurrency = expectedCurrency;
  ctx.stash.changeable = ['PENDING'];
  return {};
}

export function response(ctx) {
  return ctx.prev.result;
}
