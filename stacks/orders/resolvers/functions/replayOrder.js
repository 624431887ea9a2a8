import { util } from '@aws-appsync/utils';

// Fields of the input that aren't stored with it, and by which no call is told from another.
const NOT_COMPARED = ['expectedUnitPrice', 'expectedCurrency'];

// A call sent again is answered with the order it made: stash.isReplay tells what follows to leave that row as the
// result. An id used for something else is refused.
export function request(ctx) {
  const { found, id, input, isUnread, wasCharged, write } = ctx.stash;
  if (found && isSame(found.input, input)) {
    ctx.stash.isReplay = true;
  } else if (found) {
    const orders = `an order of ${described(found.input)}, got ${described(input)}${payment(found.input, input)}`;
    util.error(`id ${id} belongs to ${orders}: take a new id`, 'OrderConflict');
  } else if (wasCharged) {
    util.error(`id ${id} belonged to an order that was charged and then deleted: take a new id`, 'OrderConflict');
  } else if (write?.error) {
    util.error(`id ${id} was taken and deleted by other calls just now: take a new id`, 'OrderConflict');
  } else if (isUnread && found === null) {
    const message = `order ${id} is written by another call just now: send this call again with the same id`;
    util.error(message, 'DynamoDB:TransactionCanceledException');
  }
  return { payload: {} };
}

export function response(ctx) {
  return ctx.prev.result;
}

// All fields that one of the two inputs has; one that is missing equals one that is null.
function isSame(one, other) {
  return compared({ ...one, ...other }).every((name) => shown(one[name]) === shown(other[name]));
}

function described(input) {
  const { name, quantity, restaurantId, ...others } = input;
  const given = compared(others).filter((field) => field !== 'paymentMethod' && shown(others[field]) !== 'null');
  const more = given.map((field) => `, ${field} ${shown(others[field])}`).join('');
  return `${quantity} × ${shown(name)} from ${shown(restaurantId)}${more}`;
}

// AppSync logs what a resolver refuses, and a payment method is in no log.
function payment(one, other) {
  return one.paymentMethod === other.paymentMethod ? '' : ' with another payment method';
}

function compared(input) {
  return Object.keys(input).filter((name) => NOT_COMPARED.indexOf(name) < 0);
}

function shown(value) {
  return JSON.stringify(value ?? null);
}
