import { util } from '@aws-appsync/utils';

// One page of the caller's rows, newest first: ULIDs sort by time. `after` is a condition on the key and no start key,
// so it may name an order that is gone by now. 100 rows stay far below the 1 MB that ends a Query early.
export function request(ctx) {
  const after = ctx.args.after ?? null;
  const isNextPage = after !== null;
  return {
    operation: 'Query',
    query: {
      expression: isNextPage ? '#user_id = :user_id AND #id < :after' : '#user_id = :user_id',
      expressionNames: isNextPage ? { '#user_id': 'user_id', '#id': 'id' } : { '#user_id': 'user_id' },
      expressionValues: util.dynamodb.toMapValues(
        isNextPage ? { ':user_id': ctx.identity.sub, ':after': after } : { ':user_id': ctx.identity.sub },
      ),
    },
    // AppSync doesn't pass the schema's default.
    limit: ctx.args.first ?? 50,
    scanIndexForward: false,
    consistentRead: true,
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return ctx.result;
}
