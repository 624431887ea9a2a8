import { util } from '@aws-appsync/utils';

// PENDING → CANCELLED, a final move: the row leaves the index of open orders.
export function request(ctx) {
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ user_id: ctx.identity.sub, id: ctx.stash.id }),
    update: {
      expression:
        'SET #status = :cancelled, #updated_at = :now, #version = #version + :one ' +
        'REMOVE #open_shard, #due_at, #lease_owner',
      expressionNames: {
        '#status': 'status',
        '#updated_at': 'updated_at',
        '#version': 'version',
        '#open_shard': 'open_shard',
        '#due_at': 'due_at',
        '#lease_owner': 'lease_owner',
      },
      expressionValues: util.dynamodb.toMapValues({
        ':cancelled': 'CANCELLED',
        ':now': util.time.nowISO8601(),
        ':one': 1,
      }),
    },
    condition: {
      expression: '#status = :pending',
      expressionNames: { '#status': 'status' },
      expressionValues: util.dynamodb.toMapValues({ ':pending': 'PENDING' }),
    },
  };
}

export function response(ctx) {
  ctx.stash.write = { error: ctx.error ?? null, row: ctx.result ?? null };
  return ctx.result;
}
