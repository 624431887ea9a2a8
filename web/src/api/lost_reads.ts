import { backoffMs } from './backoff.ts';
import { isOutOfReach, isStoppedOnTheWay, SignedOut } from './errors.ts';
import { comebackAfter, comebacks, noteComeback } from './network.ts';

/**
 * The same reading, which goes on by itself where it got no answer, ever less often and at each comeback, until it has one:
 * so what it puts anywhere is there in the end. Whoever asked isn't kept waiting. An answer after none is a comeback.
 */
export function readUntilAnswered<Given extends readonly unknown[], Found>(
  read: (...given: Given) => Promise<Found>,
): (...given: Given) => Promise<Found> {
  /** What goes on, by what was asked. */
  const lost = new Map<string, symbol>();
  const end = (question: string, isBack: boolean): void => {
    if (lost.delete(question) && isBack) {
      noteComeback();
    }
  };
  const readOnce = async (...given: Given): Promise<Found> => {
    const question = JSON.stringify(given);
    try {
      const found = await read(...given);
      end(question, true);
      return found;
    } catch (error) {
      if (!isOutOfReach(error)) {
        end(question, !(error instanceof SignedOut || isStoppedOnTheWay(error)));
      } else if (!lost.has(question)) {
        const going = Symbol(question);
        lost.set(question, going);
        void goOn(() => lost.get(question) === going, given);
      }
      throw error;
    }
  };
  const goOn = async (isLost: () => boolean, given: Given): Promise<void> => {
    let before = comebacks.peek();
    for (let attempt = 0; isLost(); attempt++) {
      await comebackAfter(before, backoffMs(attempt));
      before = comebacks.peek();
      if (isLost()) {
        await readOnce(...given).catch(() => {}); // it goes on, or has ended
      }
    }
  };
  return readOnce;
}
