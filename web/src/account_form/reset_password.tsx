import { useState } from 'preact/hooks';
import { Refused } from '../api/errors.ts';
import { useDesk } from '../desk.ts';
import { useAction } from '../parts/action.ts';
import { CodeField } from './field.tsx';
import { Form } from './form.tsx';
import { LocalCode } from './local_code.tsx';
import { NewPasswordField } from './password_field.tsx';
import { ResendCode } from './resend_code.tsx';
import type { StepProps } from './step_props.ts';

/** The code for a new password, the new password, and then straight in. */
export function ResetPasswordForm({ email, password, onPassword, message, go }: StepProps) {
  const { cognito, session } = useDesk();
  const action = useAction(message);
  const [code, setCode] = useState('');
  const submit = async (): Promise<void> => {
    try {
      await cognito.resetPassword(email, code.trim(), password);
    } catch (error) {
      if (!(error instanceof Refused && error.type === 'UserNotConfirmedException')) {
        throw error;
      }
      go('confirm');
      return;
    }
    // The code is used up: whatever hinders signing in now, it is no reason to stay here.
    await session.signIn(email, password).catch(() => {
      go('sign-in', { kind: 'good', text: 'Your new password is set. Sign in with it.' });
    });
  };
  return (
    <>
      <Form action={action} submit="Set password and sign in" onSubmit={submit}>
        <p>
          If there is an account for <strong class="address">{email}</strong>, we sent a code to it.
        </p>
        <LocalCode email={email} purpose="password" />
        <CodeField value={code} onValue={setCode} />
        <NewPasswordField label="New password" value={password} onValue={onPassword} />
      </Form>
      <ResendCode action={action} resend={() => cognito.forgotPassword(email)} />
    </>
  );
}
