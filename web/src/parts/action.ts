import { useRef, useState } from 'preact/hooks';
import { isOutOfReach, sentence, WAS_OUT_OF_REACH } from '../api/errors.ts';
import { comebacks } from '../api/network.ts';
import type { Message } from './notice.tsx';

export interface Action {
  readonly isBusy: boolean;
  /** What there is to say of the last action: one thing at a time, and nothing while another is on its way. */
  readonly message: Message | null;
  /** The error of the last action, also once its message is gone because something else is asked for. */
  readonly error: unknown;
  /** Do it unless it is being done already, since a double click is one click; `done` is said once it is done. */
  readonly act: (what: () => Promise<void>, done?: string) => void;
}

interface State extends Omit<Action, 'act'> {
  /** How many comebacks there had been: with the next one the server is in reach, and still nothing was done. */
  readonly until: number | null;
  /** What was asked for. */
  readonly asked: string;
}

const DOING_NOTHING: State = { isBusy: false, message: null, error: null, until: null, asked: '' };

/**
 * One action at a time, with what became of it as a sentence; `first` is there until something is done. What went wrong
 * is said as long as `asked`, what is filled in, is what it was when that was done.
 */
export function useAction(first: Message | null = null, asked = ''): Action {
  const isBusyNow = useRef(false);
  const [state, setState] = useState<State>({ ...DOING_NOTHING, message: first });
  const act = (what: () => Promise<void>, done?: string): void => {
    if (isBusyNow.current) {
      return;
    }
    isBusyNow.current = true;
    setState({ ...DOING_NOTHING, isBusy: true });
    what()
      .then(
        () => setState({ ...DOING_NOTHING, message: done === undefined ? null : { kind: 'good', text: done } }),
        (error: unknown) => {
          const until = isOutOfReach(error) ? comebacks.peek() : null;
          setState({ isBusy: false, message: { kind: 'trouble', text: sentence(error) }, error, until, asked });
        },
      )
      .finally(() => {
        isBusyNow.current = false;
      });
  };
  const { isBusy, error } = state;
  const isOfOther = error !== null && state.asked !== asked;
  const isBack = state.until !== null && comebacks.value > state.until;
  const message: Message | null = isBack ? { kind: 'news', text: WAS_OUT_OF_REACH } : state.message;
  return { isBusy, message: isOfOther ? null : message, error, act };
}
