import { runtime, util } from '@aws-appsync/utils';

// What stash.input costs now, as stash.price in the row's words. Only what is available can be ordered.
export function request(ctx) {
  if (ctx.stash.isReplay) {
    runtime.earlyReturn(ctx.prev.result);
  }
  const { name, restaurantId } = ctx.stash.input;
  return {
    operation: 'GetItem',
    key: util.dynamodb.toMapValues({ restaurant_id: restaurantId, name }),
    consistentRead: true,
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error(ctx.error.message, ctx.error.type);
  }
  const { name, quantity, restaurantId } = ctx.stash.input;
  const item = ctx.result;
  if (!item?.available) {
    const state = item ? 'is not available now' : 'is not on the menu';
    const message = `${JSON.stringify(name)} ${state} of ${JSON.stringify(restaurantId)}; menu(restaurantId) lists what is`;
    util.error(message, 'UnknownMenuItem');
  }
  ctx.stash.price = { unit_price: item.unit_price, total: item.unit_price * quantity, currency: item.currency };
  return ctx.prev.result;
}
