import type { Desk } from '../desk.ts';
import type { Message } from '../parts/notice.tsx';

const EVERYWHERE: Message = {
  kind: 'good',
  text: 'Your new password is set, and you are signed out everywhere. Sign in with it.',
};

/**
 * End all sessions of an account that has a new password, and return what to say then. Until that is done it is noted,
 * so that nobody signs in before: Cognito refuses it while somebody else enters wrong passwords.
 */
export async function endOtherSessions(
  { cognito, signInProgress }: Desk,
  email: string,
  password: string,
): Promise<Message> {
  signInProgress.set({ unended: email });
  await cognito.endSessions(email, password);
  signInProgress.set({ unended: '' });
  return EVERYWHERE;
}
