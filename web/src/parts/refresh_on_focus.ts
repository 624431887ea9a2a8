import { useEffect, useRef } from 'preact/hooks';
import { onReturn } from '../page_visibility.ts';

/** Read something again when the customer comes back: the window gets the focus, or the tab is shown. */
export function useRefreshOnFocus(read: () => Promise<unknown>): void {
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => onReturn(() => latest.current()), []);
}
