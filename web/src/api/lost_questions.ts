import { print } from '@0no-co/graphql.web';
import { backoffMs } from './backoff.ts';
import type { Execute } from './client.ts';
import { isOutOfReach, SignedOut } from './errors.ts';
import { noteComeback } from './network.ts';

/**
 * Ask what had no answer again, ever less often, until it has one: then the API is back, and whoever failed asks anew.
 * Whoever asked isn't kept waiting. A mutation isn't repeated: its effect may be there.
 */
export function askLostAgain(execute: Execute): Execute {
  const lost = new Set<string>();
  const askUntilAnswered = async (question: string, ask: () => Promise<unknown>): Promise<void> => {
    lost.add(question);
    let error: unknown = null;
    for (let attempt = 0; attempt === 0 || isOutOfReach(error); attempt++) {
      await new Promise((resume) => setTimeout(resume, backoffMs(attempt)));
      error = await ask().then(
        () => null,
        (failure: unknown) => failure,
      );
    }
    lost.delete(question);
    if (!(error instanceof SignedOut)) {
      noteComeback();
    }
  };
  return async (document, variables) => {
    try {
      return await execute(document, variables);
    } catch (error) {
      const question = print(document) + JSON.stringify(variables);
      if (isOutOfReach(error) && !question.startsWith('mutation') && !lost.has(question)) {
        void askUntilAnswered(question, () => execute(document, variables));
      }
      throw error;
    }
  };
}
