import { util } from '@aws-appsync/utils';

// Every argument by its name, whichever field takes it; the schema has seen to types and to what must be there.
// A pattern ends with END because `$` in Java, AppSync's language of patterns, also matches before a last line break.
const END = '(?![\\s\\S])';
const ULID = `^[0-7][0-9A-HJKMNP-TV-Z]{25}${END}`;
const CURRENCY = `^[A-Z]{3}${END}`;
const PAYMENT_METHOD = `^pm_[A-Za-z0-9_]{0,60}${END}`;
// An emoji is one character for people and two for JavaScript: a surrogate pair counts once.
const UP_TO_100_CHARACTERS = `^(?:[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]|[^\\uD800-\\uDFFF]){1,100}${END}`;
const ENDS_IN_HALF_A_CHARACTER = `^[\\s\\S]*[\\uD800-\\uDBFF]${END}`;
// A price on the menu is one of GraphQL's Ints; a dish may be free.
const LARGEST_PRICE = 2147483647;
const SHOWN = 40;
const RESERVED = '{{restaurants_key}}';

export function request(ctx) {
  const given = { ...ctx.args, ...(ctx.args.input ?? {}) };
  checkUlid('id', given.id);
  checkUlid('after', given.after);
  checkNumber('first', given.first, 1, 100);
  checkNumber('quantity', given.quantity, 1, 100);
  checkNumber('expectedUnitPrice', given.expectedUnitPrice, 0, LARGEST_PRICE);
  checkCurrency('expectedCurrency', given.expectedCurrency);
  checkText('name', given.name);
  checkText('restaurantId', given.restaurantId);
  check(given.restaurantId !== RESERVED, 'restaurantId', `anything but "${RESERVED}", which is reserved`, RESERVED);
  checkPaymentMethod(given.paymentMethod);
  return { payload: {} };
}

export function response(ctx) {
  return ctx.prev.result;
}

function checkUlid(name, value) {
  const allowed = 'a ULID in upper case (26 of 0-9 and A-Z without I, L, O and U, the first of them 0 to 7)';
  check(isAbsent(value) || util.matches(ULID, value), name, allowed, value);
}

function checkNumber(name, value, least, most) {
  check(isAbsent(value) || (value >= least && value <= most), name, `a number from ${least} to ${most}`, value);
}

function checkCurrency(name, value) {
  const allowed = 'three upper-case letters, a currency code of ISO 4217';
  check(isAbsent(value) || util.matches(CURRENCY, value), name, allowed, value);
}

function checkText(name, value) {
  const isText = isAbsent(value) || (value.trim() !== '' && util.matches(UP_TO_100_CHARACTERS, value));
  check(isText, name, '1 to 100 characters and not blank', value);
}

function checkPaymentMethod(value) {
  const allowed = '"pm_" and at most 60 letters, digits or "_"';
  if (!isAbsent(value) && !util.matches(PAYMENT_METHOD, value)) {
    // AppSync logs what a resolver refuses, and a payment method is in no log.
    util.error(`paymentMethod must be ${allowed}, got another text`, 'InvalidInput');
  }
}

function check(isAllowed, name, allowed, value) {
  if (!isAllowed) {
    util.error(`${name} must be ${allowed}, got ${shown(value)}`, 'InvalidInput');
  }
}

// An argument left out is undefined, an unset variable null.
function isAbsent(value) {
  return (value ?? null) === null;
}

function shown(value) {
  if (typeof value !== 'string' || value.length <= SHOWN) {
    return JSON.stringify(value);
  }
  const start = value.slice(0, SHOWN);
  return JSON.stringify(`${util.matches(ENDS_IN_HALF_A_CHARACTER, start) ? start.slice(0, SHOWN - 1) : start}…`);
}
