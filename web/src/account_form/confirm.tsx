import { useState } from 'preact/hooks';
import { Refused } from '../api/errors.ts';
import { useDesk } from '../desk.ts';
import { useActing } from '../parts/acting.ts';
import { Notice } from '../parts/notice.tsx';
import type { Credentials } from './credentials.ts';
import { Field } from './field.tsx';
import { Form } from './form.tsx';

interface Props {
  readonly credentials: Credentials;
  readonly signIn: (credentials: Credentials) => Promise<void>;
}

/** The code that was sent by e-mail, and then straight in. */
export function ConfirmForm({ credentials, signIn }: Props) {
  const { cognito, config } = useDesk();
  const acting = useActing();
  const resending = useActing();
  const [code, setCode] = useState('');
  const [isResent, setResent] = useState(false);
  const submit = async (): Promise<void> => {
    await cognito.confirm(credentials.email, code.trim()).catch((error: unknown) => {
      // Confirmed already, by a call whose answer was lost: signing in says whether that is so.
      if (!(error instanceof Refused && error.type === 'NotAuthorizedException')) {
        throw error;
      }
    });
    await signIn(credentials);
  };
  const resend = async (): Promise<void> => {
    await cognito.resendCode(credentials.email);
    setResent(true);
  };
  return (
    <>
      <Form acting={acting} submit="Confirm and sign in" onSubmit={submit}>
        <p>
          We sent a code to <strong>{credentials.email}</strong>.
          {config.engineer && ' On this local run no mail leaves the machine: the engineer’s view shows it.'}
        </p>
        <Field
          label="Code"
          inputMode="numeric"
          autocomplete="one-time-code"
          pattern="\s*[0-9]{6}\s*"
          title="the six digits from the e-mail"
          value={code}
          onValue={setCode}
        />
      </Form>
      {isResent && (
        <Notice kind="good">
          <p>We sent another code.</p>
        </Notice>
      )}
      {resending.trouble && (
        <Notice>
          <p>{resending.trouble}</p>
        </Notice>
      )}
      <p class="switch">
        No e-mail?{' '}
        <button type="button" class="link" aria-busy={resending.isBusy} onClick={() => resending.act(resend)}>
          Send another code
        </button>
      </p>
    </>
  );
}
