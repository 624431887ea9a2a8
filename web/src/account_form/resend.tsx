import { useState } from 'preact/hooks';
import { useActing } from '../parts/acting.ts';
import { Notice } from '../parts/notice.tsx';

/** The way to another code, for whoever got none or let it expire. */
export function Resend({ resend }: { resend: () => Promise<void> }) {
  const acting = useActing();
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
      {acting.trouble && (
        <Notice>
          <p>{acting.trouble}</p>
        </Notice>
      )}
      <p class="switch">
        No e-mail?{' '}
        <button type="button" class="link" aria-busy={acting.isBusy} onClick={() => acting.act(submit)}>
          Send another code
        </button>
      </p>
    </>
  );
}
