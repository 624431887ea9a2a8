import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../api/errors.ts';

export interface Loading {
  readonly isLoading: boolean;
  /** What went wrong the last time, as a sentence. */
  readonly trouble: string | null;
  readonly load: () => void;
}

/** Load something when the component appears, when `key` changes, and when asked again. */
export function useLoading(load: () => Promise<unknown>, key = ''): Loading {
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<{ isLoading: boolean; trouble: string | null }>({
    isLoading: true,
    trouble: null,
  });
  useEffect(() => {
    let isCurrent = true;
    setState({ isLoading: true, trouble: null });
    load().then(
      () => isCurrent && setState({ isLoading: false, trouble: null }),
      (error: unknown) => isCurrent && setState({ isLoading: false, trouble: sentence(error) }),
    );
    return () => {
      isCurrent = false;
    };
    // `load` is another function at each rendering; what it depends on is in the key.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, attempt]);
  return { ...state, load: () => setAttempt(attempt + 1) };
}
