import type { Config } from '../config.ts';
import { NotLoaded } from '../api/errors.ts';
import { callCognito, type Call } from './pool_calls.ts';
import type { ProvenTokens, Tokens } from './tokens.ts';

/** What the page asks of the user pool. */
export interface Cognito {
  /** The pool and the client of it: a session is of both, and of no others. */
  readonly id: string;
  /** Load what signing in needs, as long as the network is there. */
  prepare(): void;
  signIn(email: string, password: string): Promise<Tokens>;
  refresh(refreshToken: string): Promise<Tokens>;
  /** Returns whether the account must be confirmed with a code that was sent. */
  signUp(email: string, password: string): Promise<{ needsCode: boolean }>;
  confirm(email: string, code: string): Promise<void>;
  resendCode(email: string): Promise<void>;
  /** Send a code to the address, with which `resetPassword` sets another password. */
  forgotPassword(email: string): Promise<void>;
  resetPassword(email: string, code: string, password: string): Promise<void>;
  /** End every session of the account, wherever it is: a new password alone ends none. */
  endSessions(email: string, password: string): Promise<void>;
  revoke(refreshToken: string): Promise<void>;
}

interface AuthenticationAnswer {
  readonly AuthenticationResult: { readonly IdToken: string; readonly RefreshToken?: string };
}

/** The user pool's public client. Only the password's proof needs a library, so that is loaded with the page that needs it. */
export function createCognito(config: Config): Cognito {
  const ClientId = config.userPoolClientId;
  const call: Call = (action, body) => callCognito(config.cognitoUrl, action, body);
  const prove = async (email: string, password: string): Promise<ProvenTokens> => {
    const { provePassword } = await import('./srp.ts').catch(notLoaded);
    return provePassword(config, call, email, password);
  };
  return {
    id: `${config.userPoolId} ${ClientId}`,
    prepare() {
      import('./srp.ts').catch(() => {}); // signing in says so
    },
    async signIn(email, password) {
      const { idToken, refreshToken } = await prove(email, password);
      return { idToken, refreshToken };
    },
    async refresh(refreshToken) {
      // The one call that every pool takes: InitiateAuth refreshes no token that rotates.
      const body = { ClientId, RefreshToken: refreshToken };
      const answer = (await call('GetTokensFromRefreshToken', body)) as AuthenticationAnswer;
      const result = answer.AuthenticationResult;
      // A pool that rotates refresh tokens sends the next one along.
      return { idToken: result.IdToken, refreshToken: result.RefreshToken ?? refreshToken };
    },
    async signUp(email, password) {
      const UserAttributes = [{ Name: 'email', Value: email }];
      const body = { ClientId, Username: email, Password: password, UserAttributes };
      const answer = (await call('SignUp', body)) as { readonly UserConfirmed: boolean };
      return { needsCode: !answer.UserConfirmed };
    },
    async confirm(email, code) {
      await call('ConfirmSignUp', { ClientId, Username: email, ConfirmationCode: code });
    },
    async resendCode(email) {
      await call('ResendConfirmationCode', { ClientId, Username: email });
    },
    async forgotPassword(email) {
      await call('ForgotPassword', { ClientId, Username: email });
    },
    async resetPassword(email, code, password) {
      await call('ConfirmForgotPassword', { ClientId, Username: email, ConfirmationCode: code, Password: password });
    },
    async endSessions(email, password) {
      const { accessToken } = await prove(email, password);
      await call('GlobalSignOut', { AccessToken: accessToken });
    },
    async revoke(refreshToken) {
      await call('RevokeToken', { ClientId, Token: refreshToken });
    },
  };
}

function notLoaded(error: unknown): never {
  console.error(error);
  throw new NotLoaded(String(error));
}
