// In maintenance mode, which is right for a protocol that doesn't change: Amplify v6 is larger and keeps the tokens itself.
/* eslint-disable @typescript-eslint/no-deprecated */
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js';
import { NoAnswer, Refused } from '../api/errors.ts';
import type { Config } from '../config.ts';
import type { Tokens } from './cognito.ts';

// The library keeps tokens where it is told to: nowhere, account/session.ts does that.
const NOWHERE = { setItem: () => {}, getItem: () => null, removeItem: () => {}, clear: () => {} };

/** Sign in by SRP: the password itself never leaves the page. */
export function provePassword(config: Config, email: string, password: string): Promise<Tokens> {
  const pool = new CognitoUserPool({
    UserPoolId: config.userPoolId,
    ClientId: config.userPoolClientId,
    endpoint: config.cognitoUrl,
    Storage: NOWHERE,
    AdvancedSecurityDataCollectionFlag: false,
  });
  const user = new CognitoUser({ Username: email, Pool: pool, Storage: NOWHERE });
  const details = new AuthenticationDetails({ Username: email, Password: password });
  return new Promise((resolve, reject) => {
    user.authenticateUser(details, {
      onSuccess: (session) =>
        resolve({
          idToken: session.getIdToken().getJwtToken(),
          refreshToken: session.getRefreshToken().getToken(),
        }),
      onFailure: (error: { code?: string; message?: string }) => reject(reasonOf(error)),
      newPasswordRequired: () => reject(new Refused('NewPasswordRequired', 'This account needs a new password first.')),
    });
  });
}

function reasonOf(error: { code?: string; message?: string }): Error {
  const { code, message = '' } = error;
  if (code === undefined) {
    // Of the library itself, which no second attempt would mend.
    return error instanceof Error ? error : new Error(message);
  }
  return code === 'NetworkError' || code === 'UnknownError' ? new NoAnswer(message) : new Refused(code, message);
}
