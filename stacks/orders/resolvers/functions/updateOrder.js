import { util } from '@aws-appsync/utils';

// New content on a PENDING row: all of stash.content, at today's price. The row's `input` stays what was posted: by it
// a call sent again is known.
export function request(ctx) {
  const { content, id } = ctx.stash;
  const sets = Object.keys(content).map((name) => `#${name} = :${name}`);
  const names = { '#updated_at': 'updated_at', '#version': 'version' };
  const values = { ':now': util.time.nowISO8601(), ':one': 1 };
  for (const name of Object.keys(content)) {
    names[`#${name}`] = name;
    values[`:${name}`] = content[name];
  }
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ user_id: ctx.identity.sub, id }),
    update: {
      expression: `SET ${sets.join(', ')}, #updated_at = :now, #version = #version + :one`,
      expressionNames: names,
      expressionValues: util.dynamodb.toMapValues(values),
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
