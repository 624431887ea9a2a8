import { runtime, util } from '@aws-appsync/utils';

// The caller's order stash.id, or null; also as stash.found.
export function request(ctx) {
  if (ctx.stash.hasFreshId) {
    runtime.earlyReturn(ctx.prev.result);
  }
  return {
    operation: 'GetItem',
    key: util.dynamodb.toMapValues({ user_id: ctx.identity.sub, id: ctx.stash.id }),
    consistentRead: true,
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  ctx.stash.found = ctx.result ?? null;
  return ctx.stash.found;
}
