import { runtime, util } from '@aws-appsync/utils';

const ORDERS_TABLE = '{{orders_table}}';
const PAYMENTS_TABLE = '{{payments_table}}';

// Whether the order stash.id was charged before, as stash.wasCharged, and the order or null as stash.found: one reading
// of both at one time, so that an order charged by a parallel call doesn't look deleted. DynamoDB refuses it while one
// of the rows is written, as by a parallel call: then stash.isUnread, and nothing is known yet.
export function request(ctx) {
  if (ctx.stash.hasFreshId) {
    runtime.earlyReturn(ctx.prev.result);
  }
  const user_id = ctx.identity.sub;
  const { id } = ctx.stash;
  return {
    operation: 'TransactGetItems',
    transactItems: [
      { table: PAYMENTS_TABLE, key: util.dynamodb.toMapValues({ user_id, order_id: id }) },
      { table: ORDERS_TABLE, key: util.dynamodb.toMapValues({ user_id, id }) },
    ],
  };
}

export function response(ctx) {
  if (ctx.error?.type === 'DynamoDB:TransactionCanceledException') {
    ctx.stash.isUnread = true;
    return ctx.prev.result;
  }
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const { items } = ctx.result;
  ctx.stash.wasCharged = (items[0] ?? null) !== null;
  ctx.stash.found = items[1] ?? null;
  return ctx.stash.found;
}
