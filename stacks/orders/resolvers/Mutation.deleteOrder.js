// Removes an order that nobody works on or was paid for: checkArguments → deleteOrder → readOrder → requireChangeable.
export function request(ctx) {
  ctx.stash.id = ctx.args.id;
  ctx.stash.changeable = ['PENDING', 'FAILED', 'CANCELLED'];
  return {};
}

export function response(ctx) {
  return ctx.args.id;
}
