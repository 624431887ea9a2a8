import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const PATIENCE_MS = 5_000;

/**
 * Says when a wait takes long. It is in the page from the beginning, empty, because a screen reader speaks only what
 * changes in it; and it is never inside of what is busy, whose changes aren't spoken.
 */
export function TakesLonger({ what = 'This', isWaiting = true }: { what?: string; isWaiting?: boolean }) {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isWaiting) {
      return;
    }
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [isWaiting]);
  return (
    <span class="takes-longer" aria-live="polite">
      {isLong && `${what} takes longer than usual. Please wait a moment.`}
    </span>
  );
}

/** What is being read, with a spinner, for as long as it is shown. */
export function Waiting({ children }: { children: ComponentChildren }) {
  return (
    <div>
      <p aria-busy="true">{children}</p>
      <TakesLonger />
    </div>
  );
}

interface BusyButtonProps extends ButtonHTMLAttributes {
  readonly isBusy: boolean;
}

/** A button with a spinner for as long as what it began isn't done. */
export function BusyButton({ isBusy, children, ...attributes }: BusyButtonProps) {
  return (
    <>
      <TakesLonger isWaiting={isBusy} />
      <button {...attributes} aria-busy={isBusy}>
        {children}
      </button>
    </>
  );
}
