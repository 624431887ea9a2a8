// Says what it is told, for subscribers to hear. The system's own functions call it; IAM decides that they may.
export function request(ctx) {
  return { payload: { ...ctx.args.input, orderStatus: ctx.args.input.status } };
}

export function response(ctx) {
  return ctx.result;
}
