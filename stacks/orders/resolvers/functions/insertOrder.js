import { runtime, util } from '@aws-appsync/utils';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SHARDS = '{{open_orders_shards}}';
const CHANGE_WINDOW_SECONDS = '{{change_window_seconds}}';
// How long after its change window an order may stay PENDING before sweep sends its message again.
const GRACE_MILLISECONDS = '{{grace_milliseconds}}';

// The order's row, PENDING. If another call was faster with the same id, its row is stash.found, or null where AppSync
// doesn't give it. Not while it is unknown whether there is an order.
export function request(ctx) {
  if (ctx.stash.isReplay || ctx.stash.isUnread) {
    runtime.earlyReturn(ctx.prev.result);
  }
  const { content, id, input } = ctx.stash;
  const now = util.time.nowEpochMilliSeconds();
  const changeableUntil = now + CHANGE_WINDOW_SECONDS * 1000;
  const row = {
    ...content,
    payment_method: input.paymentMethod,
    input,
    status: 'PENDING',
    created_at: util.time.epochMilliSecondsToISO8601(now),
    updated_at: util.time.epochMilliSecondsToISO8601(now),
    changeable_until: util.time.epochMilliSecondsToISO8601(changeableUntil),
    due_at: changeableUntil + GRACE_MILLISECONDS,
    open_shard: CROCKFORD.indexOf(id.charAt(25)) % SHARDS,
    version: 1,
  };
  return {
    operation: 'PutItem',
    key: util.dynamodb.toMapValues({ user_id: ctx.identity.sub, id }),
    attributeValues: util.dynamodb.toMapValues(row),
    condition: { expression: 'attribute_not_exists(#id)', expressionNames: { '#id': 'id' } },
  };
}

export function response(ctx) {
  if (ctx.error) {
    if (ctx.error.type !== 'DynamoDB:ConditionalCheckFailedException') {
      util.error(ctx.error.message, ctx.error.type);
    }
    ctx.stash.found = ctx.result ?? null;
  }
  ctx.stash.write = { error: ctx.error ?? null, row: ctx.result ?? null };
  return ctx.result;
}
