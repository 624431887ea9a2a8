import { util } from '@aws-appsync/utils';

// Deletes the row unless somebody works on the order or it is paid.
export function request(ctx) {
  return {
    operation: 'DeleteItem',
    key: util.dynamodb.toMapValues({ user_id: ctx.identity.sub, id: ctx.stash.id }),
    condition: {
      expression: '#status IN (:pending, :failed, :cancelled)',
      expressionNames: { '#status': 'status' },
      expressionValues: util.dynamodb.toMapValues({
        ':pending': 'PENDING',
        ':failed': 'FAILED',
        ':cancelled': 'CANCELLED',
      }),
    },
  };
}

export function response(ctx) {
  if (ctx.error && ctx.error.type !== 'DynamoDB:ConditionalCheckFailedException') {
    util.error(ctx.error.message, ctx.error.type);
  }
  ctx.stash.found = ctx.result ?? null;
  // To AppSync a row that isn't there is a deletion that worked: no error, and no item either.
  ctx.stash.isRefused = (ctx.error ?? null) !== null || ctx.stash.found === null;
  return ctx.result;
}
