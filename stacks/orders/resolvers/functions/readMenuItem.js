import { runtime, util } from '@aws-appsync/utils';

// GraphQL's Int has 32 bits: an order of a larger total could be written, and then neither be read nor announced.
const LARGEST_INT = 2147483647;

// stash.input in the row's words, with what it costs now, as stash.content: the part of a row that an update replaces.
// Only what is available can be ordered, and only at stash.expectedUnitPrice and in stash.expectedCurrency where the
// caller gave them. The price that is compared is the one that is stored.
export function request(ctx) {
  if (ctx.stash.isReplay || ctx.stash.isUnread) {
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
  const { currency, unit_price } = item;
  const dish = `${JSON.stringify(name)} of ${JSON.stringify(restaurantId)}`;
  if (!isPrice(unit_price) || typeof currency !== 'string') {
    const allowed = `a whole number of minor units from 0 to ${LARGEST_INT}, and a currency`;
    util.error(`${dish} has no price: the menu needs ${allowed}`, 'UnknownMenuItem');
  }
  const expected = ctx.stash.expectedUnitPrice ?? unit_price;
  const expectedCurrency = ctx.stash.expectedCurrency ?? currency;
  if (expectedCurrency !== currency) {
    const price = `the price of ${dish} is now ${unit_price} ${currency} in minor units`;
    const got = `${ctx.stash.expectedUnitPrice ?? ''} ${expectedCurrency}`.trim();
    util.error(`expectedCurrency must be ${currency}, since ${price}, got ${got}`, 'PriceChanged');
  }
  if (expected !== unit_price) {
    const price = `${unit_price}, the price of ${dish} now in minor units of ${currency}`;
    util.error(`expectedUnitPrice must be ${price}, got ${expected}`, 'PriceChanged');
  }
  const total = unit_price * quantity;
  if (total > LARGEST_INT) {
    const most = Math.floor(LARGEST_INT / unit_price);
    util.error(
      `quantity must be a number from 1 to ${most} for ${JSON.stringify(name)}, got ${quantity}`,
      'InvalidInput',
    );
  }
  ctx.stash.content = { name, quantity, restaurant_id: restaurantId, unit_price, total, currency };
  return ctx.prev.result;
}

function isPrice(value) {
  return typeof value === 'number' && value % 1 === 0 && value >= 0 && value <= LARGEST_INT;
}
