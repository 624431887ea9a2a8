import { Refused } from '../api/errors.ts';
import { useDesk } from '../desk.ts';
import { useAction } from '../parts/action.ts';
import { EmailField } from './field.tsx';
import { Form } from './form.tsx';
import type { StepProps } from './step_props.ts';

/** The address that a code for a new password is sent to. */
export function ForgotPasswordForm({ email, onEmail, onUnconfirmed, message, go }: StepProps) {
  const { cognito } = useDesk();
  const action = useAction(message, email);
  const submit = async (): Promise<void> => {
    try {
      await cognito.forgotPassword(email);
      go('reset');
    } catch (error) {
      // No code for a new password goes to an address that nobody has confirmed.
      if (!(error instanceof Refused && /no registered\/verified/i.test(error.message))) {
        throw error;
      }
      await cognito.resendCode(email);
      onUnconfirmed();
      go('confirm', { kind: 'news', text: 'This account isn’t confirmed yet, so do that first.' });
    }
  };
  return (
    <Form action={action} submit="Send a code" onSubmit={submit}>
      <EmailField value={email} onValue={onEmail} />
    </Form>
  );
}
