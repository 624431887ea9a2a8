import { Refused, sentence } from '../api/errors.ts';
import { useDesk } from '../desk.ts';
import { useAction } from '../parts/action.ts';
import { EmailField } from './field.tsx';
import { Form } from './form.tsx';
import { NewPasswordField } from './password_field.tsx';
import type { StepProps } from './step_props.ts';

export function SignUpForm({ email, onEmail, password, onPassword, onUnconfirmed, message, go }: StepProps) {
  const { cognito, session } = useDesk();
  const action = useAction(message, `${email} ${password}`);
  const submit = async (): Promise<void> => {
    try {
      const { needsCode } = await cognito.signUp(email, password);
      if (needsCode) {
        onUnconfirmed();
        go('confirm');
      } else {
        await session.signIn(email, password);
      }
    } catch (error) {
      if (!(error instanceof Refused && error.type === 'UsernameExistsException')) {
        throw error;
      }
      go('sign-in', { kind: 'trouble', text: sentence(error) });
    }
  };
  return (
    <Form action={action} submit="Create account" onSubmit={submit}>
      <EmailField value={email} onValue={onEmail} />
      <NewPasswordField value={password} onValue={onPassword} />
    </Form>
  );
}
