import { Refused } from '../api/errors.ts';
import { postJson } from '../api/json_calls.ts';

/** Runs one of the pool's actions; throws Refused or NoAnswer. */
export type Call = (action: string, body: Record<string, unknown>) => Promise<unknown>;

export async function callCognito(url: string, action: string, body: Record<string, unknown>): Promise<unknown> {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AWSCognitoIdentityProviderService.${action}`,
  };
  const answer = await postJson(url, headers, body);
  if (answer.status === 200) {
    return answer.body;
  }
  const { __type = 'Unknown', message = '' } = answer.body as { __type?: string; message?: string };
  throw new Refused(__type.replace(/^.*#/, ''), message);
}
