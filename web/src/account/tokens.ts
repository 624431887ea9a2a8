export interface Tokens {
  readonly idToken: string;
  readonly refreshToken: string;
}

/** Tokens that came for a password; the access token is for the account itself, and nobody keeps it. */
export interface ProvenTokens extends Tokens {
  readonly accessToken: string;
}

/** Tokens with the end of the id token by this device's clock, in epoch milliseconds. */
export interface DatedTokens extends Tokens {
  readonly expiresAt: number;
}

export interface Claims {
  readonly sub: string;
  readonly email: string;
  readonly exp: number;
  readonly iat: number;
}

/** Date tokens that came just now: a device's clock may be wrong, so only their duration counts. */
export function dated(tokens: Tokens): DatedTokens {
  const { exp, iat } = claimsOf(tokens.idToken);
  return { ...tokens, expiresAt: Date.now() + (exp - iat) * 1000 };
}

export function claimsOf(token: string): Claims {
  const part = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Uint8Array.from(atob(part), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as Claims;
}
