import type { Step } from '../account/sign_in_progress.ts';
import { Refused } from '../api/errors.ts';
import { useDesk } from '../desk.ts';
import { useAction } from '../parts/action.ts';
import type { Message } from '../parts/notice.tsx';
import { EmailField } from './field.tsx';
import { Form } from './form.tsx';
import { endOtherSessions, hasOtherSessions } from './other_sessions.ts';
import { PasswordField } from './password_field.tsx';
import type { StepProps } from './step_props.ts';

/** Steps that come first, by the refusal that says so. */
const FIRST: Readonly<Record<string, Step>> = {
  UserNotConfirmedException: 'confirm',
  PasswordResetRequiredException: 'reset',
};

const EVERYWHERE: Message = { kind: 'good', text: 'You are signed out everywhere now. Sign in once more.' };

export function SignInForm({ email, onEmail, password, onPassword, onUnconfirmed, message, go }: StepProps) {
  const desk = useDesk();
  const { session, signInProgress } = desk;
  const action = useAction(message, `${email} ${password}`);
  const submit = async (): Promise<void> => {
    try {
      if (hasOtherSessions(signInProgress, email)) {
        await endOtherSessions(desk, email, password);
        go('sign-in', EVERYWHERE);
        return;
      }
      await session.signIn(email, password);
    } catch (error) {
      const first = error instanceof Refused ? FIRST[error.type] : undefined;
      if (first === undefined) {
        throw error;
      }
      if (first === 'confirm') {
        onUnconfirmed();
      }
      go(first);
    }
  };
  return (
    <>
      <Form action={action} submit="Sign in" onSubmit={submit}>
        <EmailField value={email} onValue={onEmail} />
        <PasswordField value={password} onValue={onPassword} />
      </Form>
      <p class="switch">
        <button type="button" class="link" onClick={() => go('forgotten')}>
          Forgotten your password?
        </button>
      </p>
    </>
  );
}
