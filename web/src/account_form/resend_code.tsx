import type { Action } from '../parts/action.ts';

interface Props {
  /** The form's own: what it says of one is gone when the other is done. */
  readonly action: Action;
  readonly resend: () => Promise<void>;
  /** What is said once it is done: no more than is known. */
  readonly sent: string;
}

/** The way to another code, for whoever got none or let it expire. */
export function ResendCode({ action, resend, sent }: Props) {
  return (
    <p class="switch">
      No e-mail?{' '}
      <button type="button" class="link" aria-busy={action.isBusy} onClick={() => action.act(resend, sent)}>
        Send another code
      </button>
    </p>
  );
}
