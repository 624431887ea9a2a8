import { useEffect, useRef } from 'preact/hooks';
import { useAction } from './action.ts';
import { useFocusPassedOn } from './focus.ts';
import { MessageNotice } from './notice.tsx';
import { BusyButton } from './waiting.tsx';

// How far below the window the end of the list may be for the next page to be read.
const NEAR = '600px';

interface Props {
  /** How many orders are shown. */
  readonly count: number;
  readonly read: () => Promise<void>;
  /** Called when the button, which goes with the last page, had the focus. */
  readonly onGone: () => void;
}

/** Reads earlier orders when the end of the list comes near; the button does it for who doesn't scroll. */
export function LoadMore({ count, read, onGone }: Props) {
  const { isBusy, message, act } = useAction(null, String(count));
  const end = useFocusPassedOn<HTMLDivElement>(onGone);
  const latest = useRef({ read, act });
  latest.current = { read, act };
  const hasFailed = message !== null;
  // An observer tells only once that the end is near, so each page has its own. What failed waits for the button.
  useEffect(() => {
    if (hasFailed || end.current === null || typeof IntersectionObserver === 'undefined') {
      return;
    }
    const readWhenNear = (entries: readonly IntersectionObserverEntry[]): void => {
      if (entries.some((entry) => entry.isIntersecting)) {
        latest.current.act(latest.current.read);
      }
    };
    const observer = new IntersectionObserver(readWhenNear, { rootMargin: NEAR });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [count, hasFailed, end]);
  return (
    <div ref={end} class="load-more">
      <MessageNotice message={message} />
      <BusyButton type="button" class="secondary outline" isBusy={isBusy} onClick={() => act(read)}>
        Show earlier orders
      </BusyButton>
    </div>
  );
}
