import { useEffect, useState } from 'preact/hooks';
import { isOutOfReach, sentence } from '../api/errors.ts';
import { comebackAfter, comebacks } from '../api/network.ts';

export interface Loading {
  readonly isLoading: boolean;
  /** What went wrong the last time, as a sentence. */
  readonly trouble: string | null;
  /** The error that the sentence is about. */
  readonly error: unknown;
  readonly load: () => void;
}

/** Load something when the component appears, when `key` changes, when asked again, and when the server is back. */
export function useLoading(load: () => Promise<unknown>, key = ''): Loading {
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<Omit<Loading, 'load'>>({ isLoading: true, trouble: null, error: null });
  useEffect(() => {
    let isCurrent = true;
    // A call may end without an answer long after the server is back.
    const comebacksBefore = comebacks.peek();
    const again = (): void => {
      if (isCurrent) {
        setAttempt((count) => count + 1);
      }
    };
    setState({ isLoading: true, trouble: null, error: null });
    load().then(
      () => isCurrent && setState({ isLoading: false, trouble: null, error: null }),
      (error: unknown) => {
        if (isCurrent) {
          setState({ isLoading: false, trouble: sentence(error), error });
        }
        if (isOutOfReach(error)) {
          void comebackAfter(comebacksBefore).then(again);
        }
      },
    );
    return () => {
      isCurrent = false;
    };
    // `load` is another function at each rendering; what it depends on is in the key.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, attempt]);
  return { ...state, load: () => setAttempt((count) => count + 1) };
}
