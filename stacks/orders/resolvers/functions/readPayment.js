import { runtime, util } from '@aws-appsync/utils';

// Whether the order stash.id was charged before, as stash.wasCharged. Read before the order: a charge seen here had its
// order by then, so an order missing afterwards was deleted. The other way round, an order placed and charged by a
// parallel call between the two reads would look deleted.
export function request(ctx) {
  if (ctx.stash.hasFreshId) {
    runtime.earlyReturn(ctx.prev.result);
  }
  return {
    operation: 'GetItem',
    key: util.dynamodb.toMapValues({ user_id: ctx.identity.sub, order_id: ctx.stash.id }),
    consistentRead: true,
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  ctx.stash.wasCharged = (ctx.result ?? null) !== null;
  return ctx.prev.result;
}
