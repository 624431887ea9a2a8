import { useState } from 'preact/hooks';
import { useDesk } from '../desk.ts';
import { useActing } from '../parts/acting.ts';
import type { Credentials } from './credentials.ts';
import { Field } from './field.tsx';
import { Form } from './form.tsx';

interface Props {
  readonly signIn: (credentials: Credentials) => Promise<void>;
  readonly onCodeSent: (credentials: Credentials) => void;
}

export function SignUpForm({ signIn, onCodeSent }: Props) {
  const { cognito } = useDesk();
  const acting = useActing();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const submit = async (): Promise<void> => {
    const credentials = { email: email.trim(), password };
    const { needsCode } = await cognito.signUp(credentials.email, password);
    if (needsCode) {
      onCodeSent(credentials);
    } else {
      await signIn(credentials);
    }
  };
  return (
    <Form acting={acting} submit="Create account" onSubmit={submit}>
      <Field label="E-mail address" type="email" autocomplete="username" value={email} onValue={setEmail} />
      <Field
        label="Password"
        hint="At least 12 characters, with upper case, lower case and a number."
        type="password"
        autocomplete="new-password"
        minLength={12}
        value={password}
        onValue={setPassword}
      />
    </Form>
  );
}
