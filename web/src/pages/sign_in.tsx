import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { ConfirmForm } from '../account_form/confirm.tsx';
import type { Credentials } from '../account_form/credentials.ts';
import { SignInForm } from '../account_form/sign_in.tsx';
import { SignUpForm } from '../account_form/sign_up.tsx';
import { useDesk } from '../desk.ts';
import { Notice } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { placeToGo } from '../routes.ts';

type Step = 'sign-in' | 'sign-up' | 'confirm';

const TITLES: Readonly<Record<Step, string>> = {
  'sign-in': 'Sign in',
  'sign-up': 'Create an account',
  confirm: 'Confirm your e-mail address',
};

/** Sign in, or make an account and confirm it, and go on where one came from. */
export function SignInPage() {
  const { cognito, config, session } = useDesk();
  const { query, route } = useLocation();
  const [step, setStep] = useState<Step>('sign-in');
  const [credentials, setCredentials] = useState<Credentials>({ email: '', password: '' });
  const isSignedIn = session.user.value !== null;
  const then = placeToGo(query['then'], config);

  useEffect(() => cognito.prepare(), [cognito]);
  useEffect(() => {
    if (isSignedIn) {
      route(then, true);
    }
  }, [isSignedIn, then, route]);

  const confirm = (entered: Credentials): void => {
    setCredentials(entered);
    setStep('confirm');
  };
  const signIn = ({ email, password }: Credentials): Promise<void> => session.signIn(email, password);
  return (
    <div class="narrow">
      {/* Each step is a page of its own: it begins at its heading. */}
      <Page key={step} title={TITLES[step]} intro="Order from restaurants nearby, and watch each order live.">
        {session.hasEnded.value && (
          <Notice>
            <p>Your session has ended. Please sign in again: what you were ordering is still here.</p>
          </Notice>
        )}
        {step === 'sign-in' && <SignInForm signIn={signIn} onUnconfirmed={confirm} />}
        {step === 'sign-up' && <SignUpForm signIn={signIn} onCodeSent={confirm} />}
        {step === 'confirm' && <ConfirmForm credentials={credentials} signIn={signIn} />}
        <p class="switch">
          {step === 'sign-in' ? 'New here? ' : 'Have an account already? '}
          <button type="button" class="link" onClick={() => setStep(step === 'sign-in' ? 'sign-up' : 'sign-in')}>
            {step === 'sign-in' ? 'Create an account' : 'Sign in'}
          </button>
        </p>
      </Page>
    </div>
  );
}
