import { util } from '@aws-appsync/utils';

// A call sent again is answered with the order it made: stash.isReplay tells what follows to leave that row as the
// result. An id used for something else is refused.
export function request(ctx) {
  const { found, id, input, wasCharged } = ctx.stash;
  if (found && isSame(found.input, input)) {
    ctx.stash.isReplay = true;
  } else if (found) {
    const message = `id ${id} belongs to an order of ${described(found.input)}, got ${described(input)}: take a new id`;
    util.error(message, 'OrderConflict');
  } else if (wasCharged) {
    util.error(`id ${id} belonged to an order that was charged and then deleted: take a new id`, 'OrderConflict');
  }
  return { payload: {} };
}

export function response(ctx) {
  return ctx.prev.result;
}

function isSame(one, other) {
  return (
    one.name === other.name &&
    one.quantity === other.quantity &&
    one.restaurantId === other.restaurantId &&
    one.paymentMethod === other.paymentMethod
  );
}

function described(input) {
  const { name, paymentMethod, quantity, restaurantId } = input;
  return `${quantity} × ${JSON.stringify(name)} from ${JSON.stringify(restaurantId)} with ${paymentMethod}`;
}
