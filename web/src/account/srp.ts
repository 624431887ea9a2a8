// In maintenance mode, which is right for a protocol that doesn't change: Amplify v6 is larger and keeps the tokens itself.
/* eslint-disable @typescript-eslint/no-deprecated */
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from 'amazon-cognito-identity-js';
import { Refused } from '../api/errors.ts';
import type { Config } from '../config.ts';
import type { Call } from './pool_calls.ts';
import type { ProvenTokens } from './tokens.ts';

// The library keeps tokens where it is told to: nowhere, account/session.ts does that.
const NOWHERE = { setItem: () => {}, getItem: () => null, removeItem: () => {}, clear: () => {} };

/** Sign in by SRP: the password itself never leaves the page. Throws what `call` throws. */
export function provePassword(config: Config, call: Call, email: string, password: string): Promise<ProvenTokens> {
  const pool = new CognitoUserPool({
    UserPoolId: config.userPoolId,
    ClientId: config.userPoolClientId,
    endpoint: config.cognitoUrl,
    Storage: NOWHERE,
    AdvancedSecurityDataCollectionFlag: false,
  });
  // The library's own client waits for ever and takes a gateway's page for a fault of its own.
  Object.assign(pool, { client: { request: answering(call) } });
  const user = new CognitoUser({ Username: email, Pool: pool, Storage: NOWHERE });
  const details = new AuthenticationDetails({ Username: email, Password: password });
  return new Promise((resolve, reject) => {
    user.authenticateUser(details, {
      onSuccess: (session) =>
        resolve({
          idToken: session.getIdToken().getJwtToken(),
          accessToken: session.getAccessToken().getJwtToken(),
          refreshToken: session.getRefreshToken().getToken(),
        }),
      onFailure: (error: Error) => reject(error),
      newPasswordRequired: () => reject(new Refused('NewPasswordRequired', 'This account needs a new password first.')),
    });
  });
}

/** A request as the library makes it. */
function answering(call: Call) {
  return (
    action: string,
    body: Record<string, unknown>,
    callback: (error: unknown, answer?: unknown) => void,
  ): void => {
    call(action, body)
      .then((answer) => callback(null, answer))
      .catch(callback);
  };
}
