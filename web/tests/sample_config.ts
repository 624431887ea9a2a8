import type { Config } from '../src/config.ts';

/** A configuration with all that there is in one. */
export const CONFIG: Config = {
  region: 'eu-central-1',
  graphqlUrl: 'https://api.example/graphql',
  realtimeUrl: 'wss://api.example/graphql/realtime',
  userPoolId: 'eu-central-1_a',
  userPoolClientId: 'b',
  cognitoUrl: 'https://cognito.example/',
  changeWindowSeconds: 60,
  liveUpdates: true,
  engineer: false,
};
