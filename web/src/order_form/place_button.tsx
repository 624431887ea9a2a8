import type { Stage } from '../orders/placing.ts';
import { useFocusPassedOn } from '../parts/focus.ts';

interface Props {
  /** Something was sent that has no answer. */
  readonly isSent: boolean;
  readonly stage: Stage;
  readonly onGone: () => void;
}

/** Places what is in the basket, and says how far that is. */
export function PlaceButton({ isSent, stage, onGone }: Props) {
  const button = useFocusPassedOn<HTMLButtonElement>(onGone);
  return (
    <button ref={button} type="submit" aria-busy={stage !== 'idle'}>
      {isSent && stage === 'idle' ? 'Try again' : stage === 'retrying' ? 'No answer yet, trying again…' : 'Place order'}
    </button>
  );
}
