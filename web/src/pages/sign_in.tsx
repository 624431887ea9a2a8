import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import type { Step } from '../account/sign_in_progress.ts';
import { ConfirmForm } from '../account_form/confirm.tsx';
import { ForgotPasswordForm } from '../account_form/forgot_password.tsx';
import { ResetPasswordForm } from '../account_form/reset_password.tsx';
import { SignInForm } from '../account_form/sign_in.tsx';
import { SignUpForm } from '../account_form/sign_up.tsx';
import type { StepProps } from '../account_form/step_props.ts';
import { useDesk } from '../desk.ts';
import type { Interruption } from '../orders/orders.ts';
import type { Message } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { placeToGo } from '../routes.ts';

const STEPS: Readonly<Record<Step, { readonly title: string; readonly Form: ComponentType<StepProps> }>> = {
  'sign-in': { title: 'Sign in', Form: SignInForm },
  'sign-up': { title: 'Create an account', Form: SignUpForm },
  confirm: { title: 'Confirm your e-mail address', Form: ConfirmForm },
  forgotten: { title: 'Reset your password', Form: ForgotPasswordForm },
  reset: { title: 'Choose a new password', Form: ResetPasswordForm },
};

/** A session has ended by itself: what of the customer's work is still here, and what may not be done. */
function ended(interrupted: Interruption | null, isOrdering: boolean): Message {
  const ordering = isOrdering ? ': what you were ordering is still here.' : '.';
  const work = interrupted === null ? ordering : `, and look at your order: it may not be ${interrupted}.`;
  return { kind: 'news', text: `Your session has ended. Please sign in again${work}` };
}

/** Sign in, or make an account and confirm it, or set another password, and go on where one came from. */
export function SignInPage() {
  const { cognito, config, drafts, orders, session, signInProgress } = useDesk();
  const { route } = useLocation();
  // Not the location's: while the next page loads, this one is still shown at the other's address.
  const then = placeToGo(useRoute().query['then'], config);
  const { step, email, unconfirmed } = signInProgress.progress.value;
  const [password, setPassword] = useState('');
  // What was sent may be an order, or be left out for another account.
  const isOrdering = drafts.lines.value.some((line) => !line.isSent);
  const [message, setMessage] = useState(session.hasEnded.value ? ended(orders.interrupted.value, isOrdering) : null);
  // A step that leads to itself begins anew too.
  const [visit, setVisit] = useState(0);
  const isSignedIn = session.user.value !== null;

  useEffect(() => cognito.prepare(), [cognito]);
  useEffect(() => {
    if (isSignedIn) {
      route(then, true);
    }
  }, [isSignedIn, then, route]);

  const go = (next: Step, tell: Message | null = null): void => {
    if (next === 'forgotten' || next === 'reset') {
      setPassword(''); // it is another one that is asked for
    }
    setMessage(tell);
    setVisit(visit + 1);
    signInProgress.set({ step: next });
  };
  const { title, Form } = STEPS[step];
  return (
    <div class="narrow">
      {/* Each step is a page of its own: it begins at its heading. */}
      <Page key={`${step} ${visit}`} title={title} intro="Order from restaurants nearby, and watch each order live.">
        <Form
          email={email}
          onEmail={(entered) => signInProgress.set({ email: entered })}
          password={password}
          onPassword={setPassword}
          isUnconfirmed={unconfirmed !== '' && unconfirmed === email}
          onUnconfirmed={() => signInProgress.set({ unconfirmed: email })}
          message={message}
          go={go}
        />
        <p class="switch">
          {step === 'sign-in' ? 'New here? ' : 'Have an account already? '}
          <button type="button" class="link" onClick={() => go(step === 'sign-in' ? 'sign-up' : 'sign-in')}>
            {step === 'sign-in' ? 'Create an account' : 'Sign in'}
          </button>
        </p>
      </Page>
    </div>
  );
}
