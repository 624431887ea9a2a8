import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { returnFocus } from './focus.ts';
import { ReloadNotice } from './reload_notice.tsx';

interface Props {
  readonly title: string;
  /** While something is being done the dialog stays, since it is where one hears how it ended. */
  readonly isBusy: boolean;
  readonly onClose: () => void;
  readonly children: (close: () => void) => ComponentChildren;
}

/** A modal dialog of the browser's own: it keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({ title, isBusy, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    // The browser gives the focus back to an opener that is still there, and else to nothing.
    return () => returnFocus(opener);
  }, []);
  const close = (): void => dialog.current?.close();
  // The browser tells of the end with its next frame, and draws none for a hidden tab: by then another dialog may be here.
  const onEnd = (): void => {
    if (dialog.current !== null) {
      onClose();
    }
  };
  const stay = (event: Event): void => {
    if (isBusy) {
      event.preventDefault();
    }
  };
  // Chromium closes on a second Escape whatever `cancel` says, unless the key itself is prevented.
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      stay(event);
    }
  };
  return (
    <dialog ref={dialog} aria-labelledby={id} onCancel={stay} onKeyDown={onKeyDown} onClose={onEnd}>
      <article>
        <header>
          <button type="button" aria-label="Close" class="close" disabled={isBusy} onClick={close} />
          <h2 id={id}>{title}</h2>
        </header>
        {/* The bar has it too, and can't be reached from here. */}
        <ReloadNotice />
        {children(close)}
      </article>
    </dialog>
  );
}
