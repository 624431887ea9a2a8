import type { ComponentChildren } from 'preact';
import { nextStep } from '../api/errors.ts';
import { useFocusPassedOn } from './focus.ts';

/** What it is about: something went wrong, something went well, or things are other than before. */
export type Kind = 'trouble' | 'good' | 'news';

export interface Message {
  readonly kind: Kind;
  readonly text: string;
}

interface NoticeProps {
  readonly kind?: Kind;
  readonly id?: string;
  readonly children: ComponentChildren;
}

/** Something the customer should read; trouble is spoken at once. */
export function Notice({ kind = 'trouble', id, children }: NoticeProps) {
  return (
    <div id={id} class={`notice notice-${kind}`} role={kind === 'trouble' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}

/** The notice with a message, if there is one. */
export function MessageNotice({ message }: { message: Message | null }) {
  return (
    message && (
      <Notice kind={message.kind}>
        <p>{message.text}</p>
      </Notice>
    )
  );
}

interface TroubleProps {
  readonly text: string;
  readonly error: unknown;
  readonly onRetry: () => void;
  /** Where to go on when neither asking again nor a reload helps. */
  readonly children?: ComponentChildren;
}

/** What went wrong, with the next sensible step. */
export function Trouble({ text, error, onRetry, children }: TroubleProps) {
  const step = nextStep(error);
  return (
    <Notice>
      <p>{text}</p>
      {step === 'again' && <Step onClick={onRetry}>Try again</Step>}
      {step === 'reload' && <Step onClick={() => location.reload()}>Reload the page</Step>}
      {step === null && children}
    </Notice>
  );
}

/** A button of a notice, which may be over while the button has the focus. */
export function Step({ onClick, children }: { onClick: () => void; children: string }) {
  const button = useFocusPassedOn<HTMLButtonElement>();
  return (
    <button ref={button} type="button" class="secondary outline" onClick={onClick}>
      {children}
    </button>
  );
}
