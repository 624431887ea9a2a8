import { runtime, util } from '@aws-appsync/utils';

// The caller's order stash.id, or null; also as stash.found. After a write only if its condition failed and AppSync
// didn't give the row: its guide says that it does, aws-appsync-community 343 says that it doesn't.
export function request(ctx) {
  const { isReplay, write } = ctx.stash;
  const isUnseen = write?.error?.type === 'DynamoDB:ConditionalCheckFailedException' && !write.row;
  if (isReplay || (write && !isUnseen)) {
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
