import { util } from '@aws-appsync/utils';

// New content and price on a PENDING row. The row's `input` stays what was posted: by it a call sent again is known.
export function request(ctx) {
  const { id, input, price } = ctx.stash;
  return {
    operation: 'UpdateItem',
    key: util.dynamodb.toMapValues({ user_id: ctx.identity.sub, id }),
    update: {
      expression:
        'SET #name = :name, #quantity = :quantity, #restaurant_id = :restaurant_id, #unit_price = :unit_price, ' +
        '#total = :total, #currency = :currency, #updated_at = :now, #version = #version + :one',
      expressionNames: {
        '#name': 'name',
        '#quantity': 'quantity',
        '#restaurant_id': 'restaurant_id',
        '#unit_price': 'unit_price',
        '#total': 'total',
        '#currency': 'currency',
        '#updated_at': 'updated_at',
        '#version': 'version',
      },
      expressionValues: util.dynamodb.toMapValues({
        ':name': input.name,
        ':quantity': input.quantity,
        ':restaurant_id': input.restaurantId,
        ':unit_price': price.unit_price,
        ':total': price.total,
        ':currency': price.currency,
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
