import { useState } from 'preact/hooks';
import { Refused, sentence } from '../api/errors.ts';
import { useDesk } from '../desk.ts';
import { useAction } from '../parts/action.ts';
import { sendConfirmationCode } from './confirmation_code.ts';
import { AnotherAddress, NoAccount } from './no_account.tsx';
import { CodeField } from './field.tsx';
import { Form } from './form.tsx';
import { LocalCode } from './local_code.tsx';
import { ResendCode } from './resend_code.tsx';
import type { StepProps } from './step_props.ts';

const SENT = 'We sent another code. Only the newest one counts.';
const SENT_IF_ANY =
  'If there is an account for this address that isn’t confirmed yet, we sent another code. Only the newest one counts.';

/** The code that was sent by e-mail, and then straight in as long as the password is known. */
export function ConfirmForm({ email, password, isUnconfirmed, message, go }: StepProps) {
  const { cognito, session } = useDesk();
  const [code, setCode] = useState('');
  const action = useAction(message, code);
  const submit = async (): Promise<void> => {
    await cognito.confirm(email, code.trim()).catch((error: unknown) => {
      // Confirmed already, by a call whose answer was lost or in another tab: signing in says whether that is so.
      if (!(error instanceof Refused && error.type === 'NotAuthorizedException')) {
        throw error;
      }
    });
    if (password === '') {
      go('sign-in', { kind: 'good', text: 'Your e-mail address is confirmed. Sign in to go on.' });
      return;
    }
    await session.signIn(email, password).catch((error: unknown) => {
      if (!(error instanceof Refused)) {
        throw error;
      }
      go('sign-in', { kind: 'trouble', text: sentence(error) });
    });
  };
  const resend = async (): Promise<void> => {
    if ((await sendConfirmationCode(cognito, email)) === 'confirmed') {
      go('sign-in', { kind: 'good', text: 'Your e-mail address is confirmed already. Sign in to go on.' });
    }
  };
  return (
    <>
      <Form action={action} submit="Confirm and sign in" onSubmit={submit}>
        <p>
          {isUnconfirmed ? 'We sent a code to ' : 'If there is an account for '}
          <strong class="address">{email}</strong>
          {isUnconfirmed ? '.' : ' that isn’t confirmed yet, we sent a code to it.'}
        </p>
        <LocalCode email={email} purpose="sign-up" />
        <CodeField value={code} onValue={setCode} />
      </Form>
      <ResendCode action={action} resend={resend} sent={isUnconfirmed ? SENT : SENT_IF_ANY} />
      {isUnconfirmed ? <AnotherAddress onChoose={() => go('sign-up')} /> : <NoAccount go={go} />}
    </>
  );
}
