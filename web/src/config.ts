/** Where the page's servers are: what Terraform wrote beside the page, or the local server answers. */
export interface Config {
  readonly region: string;
  readonly graphqlUrl: string;
  readonly realtimeUrl: string;
  readonly userPoolId: string;
  readonly userPoolClientId: string;
  readonly cognitoUrl: string;
  readonly changeWindowSeconds: number;
  readonly engineer: boolean;
}

const TEXTS = ['region', 'graphqlUrl', 'realtimeUrl', 'userPoolId', 'userPoolClientId', 'cognitoUrl'] as const;

/** Read the page's configuration; says which setting is missing or of the wrong type. */
export async function loadConfig(): Promise<Config> {
  const answer = await fetch('/config.json', { cache: 'no-cache' });
  if (!answer.ok) {
    throw new Error(`config.json: the server answered ${answer.status}`);
  }
  return checked((await answer.json()) as Partial<Record<keyof Config, unknown>>);
}

function checked(found: Partial<Record<keyof Config, unknown>>): Config {
  for (const name of TEXTS) {
    if (typeof found[name] !== 'string' || found[name] === '') {
      throw new Error(`config.json: ${name} must be a text, got ${JSON.stringify(found[name])}`);
    }
  }
  if (typeof found.changeWindowSeconds !== 'number') {
    throw new Error(`config.json: changeWindowSeconds must be a number, got ${String(found.changeWindowSeconds)}`);
  }
  return { ...found, engineer: found.engineer === true } as Config;
}
