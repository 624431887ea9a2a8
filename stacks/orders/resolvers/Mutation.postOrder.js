import { util } from '@aws-appsync/utils';

const DEFAULT_PAYMENT_METHOD = '{{default_payment_method}}';

// Places an order once, however often the call is sent with the same id: checkArguments → readPayment → replayOrder →
// readMenuItem → limitOpenOrders, where there is a limit → insertOrder → readOrder → replayOrder → sendHint →
// presentOrder.
export function request(ctx) {
  const { id, expectedUnitPrice, expectedCurrency, ...input } = ctx.args.input;
  // Defaults are applied here, so that a call that leaves one out equals a call that spells it out.
  ctx.stash.input = { ...input, paymentMethod: input.paymentMethod ?? DEFAULT_PAYMENT_METHOD };
  ctx.stash.expectedUnitPrice = expectedUnitPrice;
  ctx.stash.expectedCurrency = expectedCurrency;
  ctx.stash.hasFreshId = (id ?? null) === null;
  // AWS doesn't say which case autoUlid writes; ids are upper case here.
  ctx.stash.id = id ?? util.autoUlid().toUpperCase();
  return {};
}

export function response(ctx) {
  return ctx.prev.result;
}
