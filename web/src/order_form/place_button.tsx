import type { Stage } from '../orders/placing.ts';
import { useFocusPassedOn } from '../parts/focus.ts';
import { BusyButton } from '../parts/waiting.tsx';

interface Props {
  /** Something was sent that has no answer. */
  readonly isSent: boolean;
  readonly stage: Stage;
  readonly onGone: () => void;
}

/** Places what is in the basket, and says how far that is. */
export function PlaceButton({ isSent, stage, onGone }: Props) {
  const place = useFocusPassedOn<HTMLDivElement>(onGone);
  return (
    <div ref={place}>
      <BusyButton type="submit" isBusy={stage !== 'idle'}>
        {isSent && stage === 'idle'
          ? 'Try again'
          : stage === 'retrying'
            ? 'No answer yet, trying again…'
            : 'Place order'}
      </BusyButton>
    </div>
  );
}
