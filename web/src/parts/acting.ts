import { useRef, useState } from 'preact/hooks';
import { sentence } from '../api/errors.ts';

export interface Acting {
  readonly isBusy: boolean;
  readonly trouble: string | null;
  /** Do it unless it is being done already: a double click is one click. */
  readonly act: (what: () => Promise<void>) => void;
}

/** One action at a time, with what went wrong as a sentence. */
export function useActing(): Acting {
  const isBusyNow = useRef(false);
  const [state, setState] = useState<{ isBusy: boolean; trouble: string | null }>({ isBusy: false, trouble: null });
  const act = (what: () => Promise<void>): void => {
    if (isBusyNow.current) {
      return;
    }
    isBusyNow.current = true;
    setState({ isBusy: true, trouble: null });
    what()
      .then(
        () => setState({ isBusy: false, trouble: null }),
        (error: unknown) => setState({ isBusy: false, trouble: sentence(error) }),
      )
      .finally(() => {
        isBusyNow.current = false;
      });
  };
  return { ...state, act };
}
