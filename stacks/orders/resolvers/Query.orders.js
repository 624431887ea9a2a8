// The caller's orders, newest first: checkArguments → listOrders → presentOrder.
export function request() {
  return {};
}

export function response(ctx) {
  return ctx.prev.result;
}
