import { useRef, useState } from 'preact/hooks';
import { isOutOfReach, sentence } from '../api/errors.ts';
import { comebacks } from '../api/network.ts';

export interface Action {
  readonly isBusy: boolean;
  readonly trouble: string | null;
  /** The error that the sentence is about. */
  readonly error: unknown;
  /** Do it unless it is being done already: a double click is one click. */
  readonly act: (what: () => Promise<void>) => void;
}

interface State extends Omit<Action, 'act'> {
  /** How many comebacks there had been: with the next one, the server is no longer out of reach. */
  readonly until: number | null;
}

const DOING_NOTHING: State = { isBusy: false, trouble: null, error: null, until: null };

/** One action at a time, with what went wrong as a sentence. */
export function useAction(): Action {
  const isBusyNow = useRef(false);
  const [state, setState] = useState(DOING_NOTHING);
  const act = (what: () => Promise<void>): void => {
    if (isBusyNow.current) {
      return;
    }
    isBusyNow.current = true;
    setState({ ...DOING_NOTHING, isBusy: true });
    what()
      .then(
        () => setState(DOING_NOTHING),
        (error: unknown) => {
          const until = isOutOfReach(error) ? comebacks.peek() : null;
          setState({ isBusy: false, trouble: sentence(error), error, until });
        },
      )
      .finally(() => {
        isBusyNow.current = false;
      });
  };
  const isOver = state.until !== null && comebacks.value > state.until;
  const { isBusy, trouble, error } = isOver ? DOING_NOTHING : state;
  return { isBusy, trouble, error, act };
}
