import { useState } from 'preact/hooks';
import { useAction } from '../parts/action.ts';
import { Notice } from '../parts/notice.tsx';

/** The way to another code, for whoever got none or let it expire. */
export function ResendCode({ resend }: { resend: () => Promise<void> }) {
  const action = useAction();
  const [isResent, setResent] = useState(false);
  const submit = async (): Promise<void> => {
    setResent(false);
    await resend();
    setResent(true);
  };
  return (
    <>
      {isResent && (
        <Notice kind="good">
          <p>We sent another code. Only the newest one counts.</p>
        </Notice>
      )}
      {action.trouble && (
        <Notice>
          <p>{action.trouble}</p>
        </Notice>
      )}
      <p class="switch">
        No e-mail?{' '}
        <button type="button" class="link" aria-busy={action.isBusy} onClick={() => action.act(submit)}>
          Send another code
        </button>
      </p>
    </>
  );
}
