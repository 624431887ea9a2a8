import { useState } from 'preact/hooks';
import { Refused } from '../api/errors.ts';
import { useDesk } from '../desk.ts';
import { useAction } from '../parts/action.ts';
import { sendConfirmationCode } from './confirmation_code.ts';
import { NoAccount } from './no_account.tsx';
import { CodeField } from './field.tsx';
import { Form } from './form.tsx';
import { LocalCode } from './local_code.tsx';
import { endOtherSessions, forgetOtherSessions, hasOtherSessions, noteOtherSessions } from './other_sessions.ts';
import { NewPasswordField } from './password_field.tsx';
import { ResendCode } from './resend_code.tsx';
import type { Message } from '../parts/notice.tsx';
import type { StepProps } from './step_props.ts';

const EVERYWHERE: Message = {
  kind: 'good',
  text: 'Your new password is set, and you are signed out everywhere. Sign in with it.',
};
const ONLY_SET: Message = {
  kind: 'trouble',
  text: 'Your new password is set. Whoever was signed in with the old one may still be: sign in here to end that.',
};
const CONFIRMED: Message = {
  kind: 'news',
  text: 'Your e-mail address is confirmed already. Send a code for a new password.',
};

const SENT_IF_ANY = 'If there is an account for this address, we sent another code. Only the newest one counts.';

/** The code for a new password, and the new password; nobody stays signed in by the old one. */
export function ResetPasswordForm({ email, password, onPassword, onUnconfirmed, message, go }: StepProps) {
  const desk = useDesk();
  const { cognito, signInProgress } = desk;
  const [code, setCode] = useState('');
  const action = useAction(message, `${code} ${password}`);
  const submit = async (): Promise<void> => {
    // An earlier try may have set the password, without an answer: then this code is used up.
    const wasNoted = hasOtherSessions(signInProgress, email);
    noteOtherSessions(signInProgress, email);
    try {
      await cognito.resetPassword(email, code.trim(), password);
    } catch (error) {
      if (error instanceof Refused && !wasNoted) {
        forgetOtherSessions(signInProgress, email);
      }
      if (!(error instanceof Refused && error.type === 'UserNotConfirmedException')) {
        throw error;
      }
      onUnconfirmed();
      go('confirm');
      return;
    }
    // The code is used up: whatever hinders this now, it is no reason to stay here. Tokens of a sign-in straight after
    // may be ended too (aws-sdk-java 2449), so the customer signs in next.
    const said = await endOtherSessions(desk, email, password).then(
      () => EVERYWHERE,
      () => ONLY_SET,
    );
    go('sign-in', said);
  };
  // Cognito sends an unconfirmed account no code for a new password, and may not say so (docs/parity.md).
  const confirmFirst = async (): Promise<void> => {
    const isConfirmed = (await sendConfirmationCode(cognito, email)) === 'confirmed';
    go(isConfirmed ? 'forgotten' : 'confirm', isConfirmed ? CONFIRMED : null);
  };
  return (
    <>
      <Form action={action} submit="Set password" onSubmit={submit}>
        <p>
          If there is an account for <strong class="address">{email}</strong>, we sent a code to it.
        </p>
        <LocalCode email={email} purpose="password" />
        <CodeField value={code} onValue={setCode} />
        <NewPasswordField label="New password" value={password} onValue={onPassword} />
      </Form>
      <ResendCode action={action} resend={() => cognito.forgotPassword(email)} sent={SENT_IF_ANY} />
      <NoAccount go={go} />
      <p class="switch">
        Never confirmed this address?{' '}
        <button type="button" class="link" aria-busy={action.isBusy} onClick={() => action.act(confirmFirst)}>
          Confirm it first
        </button>
      </p>
    </>
  );
}
