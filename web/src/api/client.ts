import { print } from '@0no-co/graphql.web';
import type { TadaDocumentNode } from 'gql.tada';
import { NoAnswer, Refused, SignedOut, Unreadable, Unsent } from './errors.ts';
import { postJson } from './json_calls.ts';

/** Where tokens come from; `fresh` asks for one that the server hasn't seen yet. */
export type Tokens = (options?: { fresh: boolean }) => Promise<string>;

/**
 * Runs a document and returns its data; throws NoAnswer (Unreadable, Unsent), Refused or SignedOut. Of what is Unsent or
 * SignedOut nothing was done.
 */
export type Execute = <Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
) => Promise<Data>;

/** The error types with which the API says that it did nothing. */
const REFUSALS: ReadonlySet<string> = new Set([
  'InvalidInput',
  'OrderConflict',
  'OrderNotChangeable',
  'OrderNotFound',
  'PriceChanged',
  'TooManyOpenOrders',
  'Unauthorized',
  'UnknownMenuItem',
]);

interface GraphqlAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly errorType?: string; readonly message: string }[];
}

/** A client of the API at `url`; `onRefused` hears of a token that the API refuses although it is fresh. */
export function createClient(url: string, tokens: Tokens, onRefused: (token: string) => void): Execute {
  const post = (body: unknown, authorization: string) => postJson(url, { authorization }, body);
  const token: Tokens = (options) =>
    tokens(options).catch((error: unknown) => {
      throw error instanceof NoAnswer ? new Unsent(error.message) : error;
    });

  return async (document, variables) => {
    const body = { query: print(document), variables };
    let answer = await post(body, await token({ fresh: false }));
    if (answer.status === 401) {
      const fresh = await token({ fresh: true });
      answer = await post(body, fresh);
      if (answer.status === 401) {
        onRefused(fresh);
        throw new SignedOut('the API refuses the token');
      }
    }
    return dataOf(answer.body as GraphqlAnswer) as never;
  };
}

function dataOf({ data, errors }: GraphqlAnswer): unknown {
  const first = errors?.[0];
  const isWhole = data && Object.values(data).every((value) => value !== null);
  // Of a list, what could be read counts: one row that this release doesn't understand must not hide the others.
  if (first && !isWhole) {
    // What GraphQL itself can't say has no type.
    if (data && !first.errorType) {
      throw new Unreadable(first.message);
    }
    // What isn't the API's own answer (a data source's failure, a timeout) may have happened all the same.
    if (!REFUSALS.has(first.errorType ?? '')) {
      throw new NoAnswer(`${first.errorType}: ${first.message}`);
    }
    throw new Refused(first.errorType ?? '', first.message);
  }
  if (!data) {
    throw new NoAnswer('an answer without data and errors');
  }
  return data;
}
