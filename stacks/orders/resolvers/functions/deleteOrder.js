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
  ctx.stash.write = { error: ctx.error ?? null, row: ctx.result ?? null };
  return ctx.result;
}
