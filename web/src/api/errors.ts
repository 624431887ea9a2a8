/** The server gave no answer, so what was asked for may have happened or not. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** The server answered that it can't say: a row that this release doesn't understand. Asking again doesn't help. */
export class Unreadable extends NoAnswer {}

/** Nothing was sent, since what a call needs had no answer itself: a token. */
export class Unsent extends NoAnswer {}

/** Whether the server may answer once it is in reach again. What a firewall stopped isn't sent again by itself. */
export function isOutOfReach(error: unknown): boolean {
  return error instanceof NoAnswer && !(error instanceof Unreadable);
}

/** What is left to say of that once the server is in reach. What was asked for may have been done. */
export const WAS_OUT_OF_REACH = 'There was no answer. Please try again.';

/** There was no answer, and a look says that nothing was done. */
export class Undone extends Error {
  override readonly name = 'Undone';
}

/** There was no answer, and whether it was done can't be looked up either. */
export class Unsure extends Error {
  override readonly name = 'Unsure';
}

/** The session has ended: only signing in again helps. */
export class SignedOut extends Error {
  override readonly name = 'SignedOut';
}

/** A part of the page itself could not be fetched; browsers may remember that until a reload. */
export class NotLoaded extends Error {
  override readonly name = 'NotLoaded';
}

/** A server's answer that says no; `type` is AppSync's errorType or the type of Cognito's exception. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

const SENTENCES: Readonly<Record<string, string>> = {
  OrderNotFound: 'This order doesn’t exist, or it isn’t yours.',
  OrderConflict:
    'This was ordered before, but not as it is here: that one is among your orders. Place this one too if you want both.',
  OrderNotChangeable: 'This order can’t be changed any more: its payment has begun, or it is finished.',
  PriceChanged: 'The price of this dish has changed. Please look at it and try again.',
  UnknownMenuItem: 'This dish isn’t on the menu at the moment. Please choose another one.',
  TooManyOpenOrders:
    'You have too many orders that aren’t finished yet. Wait until one of them is, and place this one again.',
  Unauthorized: 'You may not do this with the account you are signed in with.',
  PasswordResetRequiredException: 'This account needs a new password. Ask for a code to set one.',
  ResourceNotFoundException: 'The order desk has changed since this page was opened. Please reload the page.',
  UserNotConfirmedException: 'This account isn’t confirmed yet. Enter the code from the e-mail.',
  UserNotFoundException: 'There is no account with this e-mail address. Create one first.',
  UsernameExistsException: 'There is an account with this e-mail address already. Sign in instead.',
  AliasExistsException: 'There is an account with this e-mail address already. Sign in instead.',
  // Cognito answers with these two for an address without an account as well.
  CodeMismatchException: 'This code isn’t the right one for this address. Please check both, and try again.',
  ExpiredCodeException:
    'This code isn’t valid any more, or none was sent to this address. Check the address, or send another code.',
  CodeDeliveryFailureException: 'We could not send an e-mail to this address. Please check it.',
  PasswordHistoryPolicyViolationException: 'You have had this password before. Please choose another one.',
  TooManyFailedAttemptsException: 'Too many attempts. Please wait a while and try again.',
  LimitExceededException: 'Too many attempts. Please wait a while and try again.',
  TooManyRequestsException: 'Too many attempts. Please wait a moment and try again.',
  // Its limit is one that all customers behind one address share; its other rules refuse the same again and again.
  ForbiddenException:
    'A firewall refused this, most likely for too many requests from your network. Wait a few minutes and try again, or ask us.',
};

const ON_THE_WAY: ReadonlySet<string> = new Set([
  'ForbiddenException',
  'LimitExceededException',
  'TooManyRequestsException',
]);

/** The refusals that a while mends. */
export const PASSING: ReadonlySet<string> = new Set([...ON_THE_WAY, 'TooManyOpenOrders']);

/** Whether the API saw nothing of it: so nothing was done, and what became of an earlier call it doesn't tell. */
export function isStoppedOnTheWay(error: unknown): boolean {
  return error instanceof Refused && ON_THE_WAY.has(error.type);
}

/** Cognito has one type for this and for too many attempts, and tells them apart by the message alone. */
function isOutOfMails(error: Refused): boolean {
  return error.type === 'LimitExceededException' && /email limit/i.test(error.message);
}

/** The next sensible step: ask again, reload the page, or neither, where the same answer would come again. */
export function nextStep(error: unknown): 'again' | 'reload' | null {
  if (error instanceof Refused) {
    return PASSING.has(error.type) && !isOutOfMails(error) ? 'again' : null;
  }
  if (error instanceof Unreadable || error instanceof SignedOut) {
    return null;
  }
  return isOutOfReach(error) || error instanceof Undone || error instanceof Unsure ? 'again' : 'reload';
}

/** What went wrong, as a sentence for the customer. */
export function sentence(error: unknown): string {
  if (error instanceof Unreadable) {
    return 'This order can’t be shown at the moment. Please try again later.';
  }
  if (error instanceof NoAnswer) {
    return navigator.onLine
      ? 'We can’t reach the server at the moment.'
      : 'You seem to be offline. Check your connection, and try again.';
  }
  if (error instanceof NotLoaded) {
    return 'A part of this page could not be loaded. Please reload the page and try again.';
  }
  if (error instanceof Undone) {
    return 'There was no answer, and so far nothing has changed. Please try again.';
  }
  if (error instanceof Unsure) {
    return 'There was no answer, so we don’t know whether this was done. Try again: that does no harm.';
  }
  if (error instanceof SignedOut) {
    return 'Your session has ended. Please sign in again.';
  }
  if (error instanceof Refused) {
    if (error.type === 'InvalidPasswordException') {
      const [, lack] = /^Password did not conform with policy: (.*)/s.exec(error.message) ?? [];
      return lack === undefined ? INVALID.password : finished(`Choose another password: ${lack}`);
    }
    if (error.type === 'NotAuthorizedException') {
      return notAuthorized(error.message);
    }
    if (isOutOfMails(error)) {
      return 'We can’t send any more e-mails with codes today. Please try again tomorrow.';
    }
    if (error.type === 'InvalidParameterException') {
      return invalid(error.message);
    }
    // The API's own words: what was received, and what is allowed.
    if (error.type === 'InvalidInput') {
      return finished(error.message);
    }
    const words = SENTENCES[error.type];
    if (words === undefined) {
      console.error(error);
    }
    return words ?? UNKNOWN;
  }
  console.error(error);
  return 'Something went wrong on this page. Please reload it and try again.';
}

const UNKNOWN = 'This can’t be done at the moment, and we don’t know why. Please try again later, or ask us.';
const INVALID = {
  address: 'This e-mail address can’t be used here. Please check it, or take another one: of at most 128 characters.',
  password: 'This password can’t be used. Please choose another one.',
  code: 'This isn’t a code of ours. Please check it and try again.',
  unconfirmed: 'This account isn’t confirmed yet, so it can’t get a new password. Sign in to confirm it.',
  other: 'Something that was entered can’t be used here. Please check it and try again.',
} as const;

/** Cognito tells by the message alone which of the parameters doesn't keep to its rules. */
function invalid(message: string): string {
  if (/no registered\/verified/i.test(message)) {
    return INVALID.unconfirmed;
  }
  if (/'(username|userAttributes[^']*)'|\busername\b|\bemail\b/i.test(message)) {
    return INVALID.address;
  }
  if (/password/i.test(message)) {
    return INVALID.password;
  }
  return /confirmationCode/i.test(message) ? INVALID.code : INVALID.other;
}

/** Cognito has one type for all of these and tells them apart by the message alone. */
function notAuthorized(message: string): string {
  if (/attempts exceeded/i.test(message)) {
    return 'Too many attempts with a wrong password. Please wait a while and try again.';
  }
  if (/is disabled/i.test(message)) {
    return 'This account has been disabled. Nobody can sign in to it.';
  }
  if (/cannot be reset/i.test(message)) {
    return 'The password of this account can’t be reset. Sign in with the one that you were given.';
  }
  return 'The e-mail address or the password is wrong.';
}

function finished(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
