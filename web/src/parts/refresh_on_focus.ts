import { useEffect, useRef } from 'preact/hooks';

/** Read something again when the customer comes back: the window gets the focus, or the tab is shown. */
export function useRefreshOnFocus(read: () => Promise<unknown>): void {
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    let isReading = false;
    const onReturn = (): void => {
      // Whoever comes back to a tab brings both events.
      if (isReading || document.visibilityState === 'hidden') {
        return;
      }
      isReading = true;
      // What can't be read now is read the next time.
      void latest
        .current()
        .catch(() => {})
        .finally(() => (isReading = false));
    };
    addEventListener('focus', onReturn);
    document.addEventListener('visibilitychange', onReturn);
    return () => {
      removeEventListener('focus', onReturn);
      document.removeEventListener('visibilitychange', onReturn);
    };
  }, []);
}
