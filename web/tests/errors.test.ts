import { expect, test, vi } from 'vitest';
import {
  NoAnswer,
  nextStep,
  NotLoaded,
  Refused,
  SignedOut,
  Undone,
  Unreadable,
  Unsure,
  sentence,
} from '../src/api/errors.ts';

test('a server that gives no answer is out of reach', () => {
  expect(sentence(new NoAnswer('502'))).toBe('We can’t reach the server at the moment.');
});

test('a browser that knows that it is offline says so', () => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);

  expect(sentence(new NoAnswer('failed to fetch'))).toMatch(/^You seem to be offline\./);
});

test('whether something was done is told as far as it is known', () => {
  expect(sentence(new Undone('timeout'))).toMatch(/nothing has changed/);
  expect(sentence(new Unsure('timeout'))).toMatch(/we don’t know whether/);
});

test('a session that has ended asks to sign in', () => {
  expect(sentence(new SignedOut('expired'))).toBe('Your session has ended. Please sign in again.');
});

test('a refusal is told in words of the page, not of the server', () => {
  expect(sentence(new Refused('UnknownMenuItem', 'no such dish'))).toMatch(/^This dish isn’t on the menu/);
});

test('a firewall is named, with what helps, in one line', () => {
  expect(sentence(new Refused('ForbiddenException', 'answered 403'))).toBe(
    'A firewall refused this, most likely for too many requests from your network. Wait a few minutes and try again, or ask us.',
  );
});

test('what is wrong with the input is told as the server says it, as a sentence', () => {
  const refused = new Refused('InvalidInput', 'quantity must be 1 to 100, got 0');

  expect(sentence(refused)).toBe('Quantity must be 1 to 100, got 0.');
});

test('a sender that has no mails left today says so, and too many attempts are another matter', () => {
  const limit = 'Exceeded daily email limit for the operation or the account. If a higher limit is required, use SES.';
  const outOfMails = new Refused('LimitExceededException', limit);
  const tooOften = new Refused('LimitExceededException', 'Attempt limit exceeded, please try after some time.');

  expect(sentence(outOfMails)).toBe('We can’t send any more e-mails with codes today. Please try again tomorrow.');
  expect(nextStep(outOfMails)).toBeNull();
  expect(sentence(tooOften)).toMatch(/^Too many attempts/);
  expect(nextStep(tooOften)).toBe('again');
});

test('a password that the rules refuse says what it lacks', () => {
  const message = 'Password did not conform with policy: Password must have uppercase characters';

  expect(sentence(new Refused('InvalidPasswordException', message))).toBe(
    'Choose another password: Password must have uppercase characters.',
  );
});

const refusedValue = (name: string): string =>
  `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must have length less than 9`;

test.each([
  ['InvalidParameterException', refusedValue('username'), /^This e-mail address can’t be used here/],
  ['InvalidParameterException', 'Username should be an email.', /^This e-mail address can’t be used here/],
  ['InvalidParameterException', 'Invalid email address format.', /^This e-mail address can’t be used here/],
  ['InvalidParameterException', refusedValue('password'), /^This password can’t be used/],
  ['InvalidParameterException', refusedValue('confirmationCode'), /^This isn’t a code of ours/],
  ['InvalidParameterException', 'no registered/verified email or phone_number', /^This account isn’t confirmed yet/],
  ['InvalidParameterException', refusedValue('clientMetadata'), /^Something that was entered can’t be used/],
  ['InvalidPasswordException', refusedValue('password'), /^This password can’t be used/],
  ['PasswordResetRequiredException', 'Password reset required for the user', /^This account needs a new password/],
  ['ResourceNotFoundException', 'Client 3n4b5 not found.', /^The order desk has changed.*reload/],
  ['UnexpectedLambdaException', 'arn:aws:lambda:eu-west-1:1:x failed', /^This can’t be done at the moment/],
  ['Unknown', '', /^This can’t be done at the moment/],
])('no words of the user pool reach the customer: %s, %s', (type, message, told) => {
  vi.spyOn(console, 'error').mockReturnValue();

  const words = sentence(new Refused(type, message));

  expect(words).toMatch(told);
  expect(words).not.toMatch(/constraint|[Vv]alue at|Client|arn:/);
});

test('a fault of the page’s own is logged, and not shown to the customer', () => {
  const logged = vi.spyOn(console, 'error').mockReturnValue();
  const fault = new TypeError('x is undefined');

  expect(sentence(fault)).toBe('Something went wrong on this page. Please reload it and try again.');
  expect(logged).toHaveBeenCalledWith(fault);
});

test.each([
  [new NoAnswer('502'), 'again'],
  [new Undone('timeout'), 'again'],
  [new Unsure('timeout'), 'again'],
  [new Refused('TooManyRequestsException', 'slow down'), 'again'],
  [new Refused('ForbiddenException', 'WAF block'), 'again'],
  [new Refused('TooManyOpenOrders', 'at most 5, got 6'), 'again'],
  [new NotLoaded('chunk'), 'reload'],
  [new TypeError('x is undefined'), 'reload'],
  [new Unreadable('no words for it'), null],
  [new SignedOut('expired'), null],
  [new Refused('OrderNotFound', 'no such order'), null],
  [new Refused('InvalidInput', 'id must be a ULID'), null],
  [new Refused('Unauthorized', 'not yours'), null],
])('what may help after %o is %s', (error, step) => {
  expect(nextStep(error)).toBe(step);
});
