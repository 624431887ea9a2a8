import type { SignInProgress } from '../account/sign_in_progress.ts';
import type { Desk } from '../desk.ts';

/**
 * Sessions of an account that gets a new password have to be ended. That is noted until it is done, so that nobody signs
 * in before: the answer to the new password may be lost, and Cognito refuses to end them while somebody else enters
 * wrong passwords.
 */
export function noteOtherSessions({ progress, set }: SignInProgress, email: string): void {
  set({ unended: [...without(progress.value.unended, email), email] });
}

export function forgetOtherSessions({ progress, set }: SignInProgress, email: string): void {
  set({ unended: without(progress.value.unended, email) });
}

export function hasOtherSessions({ progress }: SignInProgress, email: string): boolean {
  return progress.value.unended.length > without(progress.value.unended, email).length;
}

/** End all sessions of the account. */
export async function endOtherSessions({ cognito, signInProgress }: Desk, email: string, password: string) {
  await cognito.endSessions(email, password);
  forgetOtherSessions(signInProgress, email);
}

/** The pool tells no letter case apart. */
function without(emails: readonly string[], email: string): readonly string[] {
  return emails.filter((one) => one.toLowerCase() !== email.toLowerCase());
}
