export interface Tokens {
  readonly idToken: string;
  readonly refreshToken: string;
}
