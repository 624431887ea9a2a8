// PENDING → CANCELLED: checkArguments → cancelOrder → readOrder → requireChangeable → presentOrder.
export function request(ctx) {
  ctx.stash.id = ctx.args.id;
  ctx.stash.changeable = ['PENDING'];
  return {};
}

export function response(ctx) {
  return ctx.prev.result;
}
