import { useState } from 'preact/hooks';
import { Refused } from '../api/errors.ts';
import { useActing } from '../parts/acting.ts';
import type { Credentials } from './credentials.ts';
import { Field } from './field.tsx';
import { Form } from './form.tsx';

interface Props {
  readonly signIn: (credentials: Credentials) => Promise<void>;
  readonly onUnconfirmed: (credentials: Credentials) => void;
}

export function SignInForm({ signIn, onUnconfirmed }: Props) {
  const acting = useActing();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const submit = async (): Promise<void> => {
    const credentials = { email: email.trim(), password };
    try {
      await signIn(credentials);
    } catch (error) {
      if (!(error instanceof Refused && error.type === 'UserNotConfirmedException')) {
        throw error;
      }
      onUnconfirmed(credentials);
    }
  };
  return (
    <Form acting={acting} submit="Sign in" onSubmit={submit}>
      <Field label="E-mail address" type="email" autocomplete="username" value={email} onValue={setEmail} />
      <Field label="Password" type="password" autocomplete="current-password" value={password} onValue={setPassword} />
    </Form>
  );
}
