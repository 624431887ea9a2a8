import type { Cognito } from '../account/cognito.ts';
import { Refused } from '../api/errors.ts';

/** Send the code that confirms the address. Returns 'confirmed' when it is confirmed already, so that none was sent. */
export async function sendConfirmationCode(cognito: Cognito, email: string): Promise<'sent' | 'confirmed'> {
  try {
    await cognito.resendCode(email);
    return 'sent';
  } catch (error) {
    if (!(error instanceof Refused && /already confirmed/i.test(error.message))) {
      throw error;
    }
    return 'confirmed';
  }
}
