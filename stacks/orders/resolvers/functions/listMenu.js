import { util } from '@aws-appsync/utils';

// The menu table's rows of stash.restaurantId, by name. A Query answers at most 1 MB, some 5,000 dishes: a longer menu
// would need paging in the schema.
export function request(ctx) {
  return {
    operation: 'Query',
    query: {
      expression: '#restaurant_id = :restaurant_id',
      expressionNames: { '#restaurant_id': 'restaurant_id' },
      expressionValues: util.dynamodb.toMapValues({ ':restaurant_id': ctx.stash.restaurantId }),
    },
    consistentRead: true,
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  return ctx.result.items;
}
