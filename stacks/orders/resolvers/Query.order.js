// One of the caller's orders, or null: checkArguments → readOrder → presentOrder.
export function request(ctx) {
  ctx.stash.id = ctx.args.id;
  return {};
}

export function response(ctx) {
  return ctx.prev.result;
}
