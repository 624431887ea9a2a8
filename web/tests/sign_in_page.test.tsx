import { signal } from '@preact/signals';
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import type { ComponentType } from 'preact';
import { lazy, LocationProvider, Route, Router } from 'preact-iso';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { User } from '../src/account/session.ts';
import { createSignInProgress } from '../src/account/sign_in_progress.ts';
import { NoAnswer, Refused } from '../src/api/errors.ts';
import { DeskContext, type Desk } from '../src/desk.ts';
import type { Interruption } from '../src/orders/orders.ts';
import { SignInPage } from '../src/pages/sign_in.tsx';

const EMAIL = 'zoë@example.com';
const PASSWORD = 'Aa1-56789012';

beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const pool = {
  prepare: vi.fn(),
  signUp: vi.fn<(email: string, password: string) => Promise<{ needsCode: boolean }>>(),
  confirm: vi.fn<() => Promise<void>>(),
  resendCode: vi.fn<() => Promise<void>>(),
  forgotPassword: vi.fn<() => Promise<void>>(),
  resetPassword: vi.fn<() => Promise<void>>(),
  endSessions: vi.fn<(email: string, password: string) => Promise<void>>(),
};
const signIn = vi.fn<(email: string, password: string) => Promise<void>>();

const user = signal<User | null>(null);
const StillLoading = lazy(() => new Promise<{ default: ComponentType }>(() => {}));

/** Open the page as a new one, as after a reload. */
function open({
  engineer = false,
  address = '/sign-in',
  hasEnded = false,
  interrupted = null as Interruption | null,
  lines = [{ isSent: false }],
  userPoolClientId = 'b',
} = {}): void {
  cleanup();
  history.replaceState(null, '', address);
  user.value = null;
  const session = { user, hasEnded: signal(hasEnded), signIn };
  const signInProgress = createSignInProgress(sessionStorage, userPoolClientId);
  const orders = { interrupted: signal(interrupted) };
  const drafts = { lines: signal(lines) };
  const desk = { cognito: pool, config: { engineer }, drafts, orders, session, signInProgress } as unknown as Desk;
  render(
    <DeskContext.Provider value={desk}>
      <LocationProvider>
        <main id="main">
          <Router>
            <Route path="/sign-in" component={SignInPage} />
            <Route default component={StillLoading} />
          </Router>
        </main>
      </LocationProvider>
    </DeskContext.Provider>,
  );
}

beforeEach(() => {
  Object.values(pool).forEach((call) => call.mockReset());
  pool.signUp.mockResolvedValue({ needsCode: true });
  [pool.confirm, pool.resendCode, pool.forgotPassword, pool.resetPassword, pool.endSessions].forEach((call) =>
    call.mockResolvedValue(undefined),
  );
  signIn.mockReset().mockResolvedValue(undefined);
  open();
});

const field = (label: string): HTMLInputElement => screen.getByLabelText(label);
const type = (label: string, text: string) => fireEvent.input(field(label), { target: { value: text } });
const click = (name: string) => fireEvent.click(screen.getByRole('button', { name }));
const send = () => fireEvent.submit(document.querySelector('form') as HTMLFormElement);
const title = () => screen.findByRole('heading', { level: 1 }).then(({ textContent }) => textContent);
const isAt = (heading: string) => screen.findByRole('heading', { name: heading });

async function askForACode(): Promise<void> {
  click('Create an account');
  await isAt('Create an account');
  type('E-mail address', ` ${EMAIL} `);
  type('Password', PASSWORD);
  send();
  await isAt('Confirm your e-mail address');
}

async function askForANewPassword(): Promise<void> {
  type('E-mail address', EMAIL);
  click('Forgotten your password?');
  await isAt('Reset your password');
  send();
  await isAt('Choose a new password');
}

async function setANewPassword(): Promise<void> {
  await askForANewPassword();
  type('Code', '654321');
  type('New password', PASSWORD);
  send();
}

test('a new account is confirmed, and signed in without typing the password again', async () => {
  await askForACode();
  type('Code', ' 123456 ');
  send();

  await vi.waitFor(() => expect(signIn).toHaveBeenCalledWith(EMAIL, PASSWORD));

  expect(pool.signUp).toHaveBeenCalledWith(EMAIL, PASSWORD);
  expect(pool.confirm).toHaveBeenCalledWith(EMAIL, '123456');
});

test('a reload keeps the step and the address, and never the password', async () => {
  await askForACode();

  open();

  expect(await title()).toBe('Confirm your e-mail address');
  expect(document.body.textContent).toContain(EMAIL);
  expect([sessionStorage.length, localStorage.length]).toEqual([1, 0]);
  expect(sessionStorage.getItem('orders.sign-in')).not.toContain(PASSWORD);
  expect(location.href).not.toContain('example.com');
});

test.each([
  ['navigate', 'Sign in'],
  ['reload', 'Create an account'],
  ['back_forward', 'Create an account'],
])('before a code was sent, a page that is opened by %s shows %s', async (opening, heading) => {
  vi.spyOn(performance, 'getEntriesByType').mockReturnValue([{ type: opening }] as unknown as PerformanceEntryList);
  click('Create an account');
  await isAt('Create an account');
  type('E-mail address', EMAIL);

  open();

  expect(await title()).toBe(heading);
  expect(field('E-mail address').value).toBe(EMAIL);
});

test('an account that is confirmed after a reload leads to signing in, with its address', async () => {
  await askForACode();
  open();
  type('Code', '123456');
  send();

  await isAt('Sign in');

  expect(field('E-mail address').value).toBe(EMAIL);
  expect(screen.getByRole('status').textContent).toMatch(/is confirmed/);
  expect(signIn).not.toHaveBeenCalled();
});

test.each([
  '{',
  'null',
  '[]',
  '"confirm"',
  '{"step":"nowhere","email":"a"}',
  '{"step":"confirm","email":1,"userPoolClientId":"b"}',
  '{"step":"confirm","email":"","userPoolClientId":"b"}',
  '{"step":"reset","email":"","userPoolClientId":"c"}',
])('a step that can’t be read, or that nobody was at, is the first one: %s', async (kept) => {
  sessionStorage.setItem('orders.sign-in', kept);

  open();

  expect(await title()).toBe('Sign in');
  expect(field('E-mail address').value).toBe('');
});

const OTHER_POOL = { userPoolClientId: 'c' };

test.each([
  ['a new account', () => askForACode()],
  ['a new password', () => askForANewPassword()],
])(
  'a code for %s is none of another user pool, where nothing is known of the address but the address',
  async (_, ask) => {
    await ask();

    open(OTHER_POOL);
    expect(await title()).toBe('Create an account');
    expect(field('E-mail address').value).toBe(EMAIL);
    click('Sign in');
    await isAt('Sign in');
    await askForANewPassword();
    click('Confirm it first');
    await isAt('Confirm your e-mail address');

    expect(text()).toContain(IF_ANY);
  },
);

test('a code of this user pool is kept, also after one of another', async () => {
  await askForACode();
  open(OTHER_POOL);
  type('Password', PASSWORD);
  send();
  await isAt('Confirm your e-mail address');

  open(OTHER_POOL);

  expect(await title()).toBe('Confirm your e-mail address');
  expect(text()).toContain(`We sent a code to ${EMAIL}.`);
});

test('a step without a code is the same in another user pool', async () => {
  vi.spyOn(performance, 'getEntriesByType').mockReturnValue([{ type: 'reload' }] as unknown as PerformanceEntryList);
  type('E-mail address', EMAIL);
  click('Forgotten your password?');
  await isAt('Reset your password');

  open(OTHER_POOL);

  expect(await title()).toBe('Reset your password');
});

test('signing in and signing up share the address that is typed', async () => {
  type('E-mail address', EMAIL);
  click('Create an account');
  await isAt('Create an account');
  expect(field('E-mail address').value).toBe(EMAIL);
  type('E-mail address', 'other@example.com');
  click('Sign in');
  await isAt('Sign in');

  expect(field('E-mail address').value).toBe('other@example.com');
});

test.each([
  ['UserNotConfirmedException', 'Confirm your e-mail address'],
  ['PasswordResetRequiredException', 'Choose a new password'],
])('a sign-in that is refused with %s leads to what comes first', async (refusal, heading) => {
  signIn.mockRejectedValue(new Refused(refusal, 'first something else'));
  type('E-mail address', EMAIL);
  type('Password', PASSWORD);
  send();

  expect(await isAt(heading)).toBeTruthy();
  expect(document.body.textContent).toContain(EMAIL);
});

test('an address that has an account already leads to signing in', async () => {
  pool.signUp.mockRejectedValue(new Refused('UsernameExistsException', 'An account exists.'));
  click('Create an account');
  await isAt('Create an account');
  type('E-mail address', EMAIL);
  type('Password', PASSWORD);
  send();

  await isAt('Sign in');

  expect(field('E-mail address').value).toBe(EMAIL);
  expect(screen.getByRole('alert').textContent).toMatch(/an account with this e-mail address already/);
});

test('a code for an account that was confirmed elsewhere signs in', async () => {
  await askForACode();
  pool.confirm.mockRejectedValue(new Refused('NotAuthorizedException', 'Current status is CONFIRMED'));
  type('Code', '123456');
  send();

  await vi.waitFor(() => expect(signIn).toHaveBeenCalledWith(EMAIL, PASSWORD));
});

test('a password that isn’t the account’s leads from the code to signing in', async () => {
  await askForACode();
  signIn.mockRejectedValue(new Refused('NotAuthorizedException', 'Incorrect username or password.'));
  type('Code', '123456');
  send();

  await isAt('Sign in');

  expect(screen.getByRole('alert').textContent).toMatch(/password is wrong/);
});

test('no answer to signing in leaves the code where it is', async () => {
  await askForACode();
  signIn.mockRejectedValue(new NoAnswer());
  type('Code', '123456');
  send();

  expect((await screen.findByRole('alert')).textContent).toMatch(/can’t reach/);
  expect(field('Code').value).toBe('123456');
});

test('asking for another code for an account that is confirmed leads to signing in', async () => {
  await askForACode();
  pool.resendCode.mockRejectedValue(new Refused('InvalidParameterException', 'User is already confirmed.'));
  click('Send another code');

  await isAt('Sign in');

  expect(screen.getByRole('status').textContent).toMatch(/confirmed already/);
});

test.each([
  ['CodeMismatchException', /isn’t the right one for this address/],
  ['ExpiredCodeException', /isn’t valid any more, or none was sent to this address/],
  ['LimitExceededException', /Too many attempts/],
  ['TooManyRequestsException', /Too many attempts/],
  ['ForbiddenException', /A firewall refused this/],
  ['TooManyFailedAttemptsException', /Too many attempts/],
])('a code that is refused with %s says so at both steps', async (refusal, told) => {
  const refused = new Refused(refusal, 'Invalid code provided');
  pool.confirm.mockRejectedValue(refused);
  pool.resetPassword.mockRejectedValue(refused);
  await askForACode();
  type('Code', '000000');
  send();
  expect((await screen.findByRole('alert')).textContent).toMatch(told);
  click('Sign in');
  await isAt('Sign in');
  await askForANewPassword();
  type('Code', '000000');
  type('New password', PASSWORD);
  send();

  expect((await screen.findByRole('alert')).textContent).toMatch(told);
});

const notices = (): string[] => [...document.querySelectorAll('.notice')].map(({ textContent }) => textContent);

/** Come to a step with a code, send a wrong one and read that it is wrong. */
async function sendAWrongCode(ask: () => Promise<void>): Promise<void> {
  const wrong = new Refused('CodeMismatchException', 'Invalid code provided');
  pool.confirm.mockRejectedValue(wrong);
  pool.resetPassword.mockRejectedValue(wrong);
  await ask();
  send();
  await vi.waitFor(() => expect(notices()).toEqual([expect.stringMatching(/isn’t the right one/)]));
}

test.each([
  ['Confirm your e-mail address', () => askForACode()],
  ['Choose a new password', () => askForANewPassword()],
])('a step with a code says one thing at a time: %s', async (_, ask) => {
  await sendAWrongCode(ask);

  click('Send another code');
  await vi.waitFor(() => expect(notices()).toEqual([expect.stringMatching(/sent another code/)]));
  pool.resendCode.mockRejectedValue(new NoAnswer());
  pool.forgotPassword.mockRejectedValue(new NoAnswer());
  click('Send another code');
  await vi.waitFor(() => expect(notices()).toEqual([expect.stringMatching(/can’t reach/)]));
  send();

  await vi.waitFor(() => expect(notices()).toEqual([expect.stringMatching(/isn’t the right one/)]));
});

test.each([
  [null, 'Your session has ended. Please sign in again: what you were ordering is still here.'],
  ['changed', 'Your session has ended. Please sign in again, and look at your order: it may not be changed.'],
  ['cancelled', 'Your session has ended. Please sign in again, and look at your order: it may not be cancelled.'],
] as const)('a session that ended says what it may have left undone (%s)', (interrupted, told) => {
  open({ hasEnded: true, interrupted });

  expect(notices()).toEqual([told]);
});

test.each([[[]], [[{ isSent: true }]]])('a session that ended with nothing left to order promises nothing', (lines) => {
  open({ hasEnded: true, lines });

  expect(notices()).toEqual(['Your session has ended. Please sign in again.']);
});

test('what was wrong with what was entered goes once something else is', async () => {
  signIn.mockRejectedValue(new Refused('NotAuthorizedException', 'Incorrect username or password.'));
  type('E-mail address', EMAIL);
  type('Password', PASSWORD);
  send();
  await vi.waitFor(() => expect(notices()).toEqual([expect.stringMatching(/password is wrong/)]));

  type('Password', `${PASSWORD}!`);

  await vi.waitFor(() => expect(notices()).toEqual([]));
});

test.each([
  ['Code', () => askForACode()],
  ['Code', () => askForANewPassword()],
  ['New password', () => askForANewPassword()],
])('what was wrong with a code goes once another %s is typed, and that one was sent stays', async (label, ask) => {
  await sendAWrongCode(ask);
  type(label, '111111');
  await vi.waitFor(() => expect(notices()).toEqual([]));
  click('Send another code');
  await vi.waitFor(() => expect(notices()).toEqual([expect.stringMatching(/sent another code/)]));

  type(label, '222222');
  await new Promise((resume) => setTimeout(resume, 20));

  expect(notices()).toEqual([expect.stringMatching(/sent another code/)]);
});

test('what a step was begun with goes when something is done there', async () => {
  open({ hasEnded: true });
  expect(notices()).toEqual([expect.stringMatching(/session has ended/)]);
  expect(document.querySelector('.notice-trouble')).toBeNull();
  signIn.mockRejectedValue(new Refused('NotAuthorizedException', 'Incorrect username or password.'));
  type('E-mail address', EMAIL);
  type('Password', PASSWORD);
  send();
  await vi.waitFor(() => expect(notices()).toEqual([expect.stringMatching(/password is wrong/)]));

  click('Create an account');
  await isAt('Create an account');

  expect(notices()).toEqual([]);
});

test('a forgotten password is set anew with a code, which ends all sessions, and signs in', async () => {
  await askForANewPassword();
  click('Send another code');
  await screen.findByText(/another code\. Only the newest/);
  type('Code', '654321');
  type('New password', PASSWORD);
  send();

  await isAt('Sign in');
  expect(screen.getByRole('status').textContent).toMatch(/signed out everywhere/);
  send();

  await vi.waitFor(() => expect(signIn.mock.calls).toEqual([[EMAIL, PASSWORD]]));
  expect(pool.forgotPassword.mock.calls).toEqual([[EMAIL], [EMAIL]]);
  expect(pool.resetPassword).toHaveBeenCalledWith(EMAIL, '654321', PASSWORD);
  expect(pool.endSessions.mock.calls).toEqual([[EMAIL, PASSWORD]]);
});

test('a new password after which other sessions can’t be ended says so, and leads to signing in', async () => {
  pool.endSessions.mockRejectedValue(new NoAnswer());
  await setANewPassword();

  await isAt('Sign in');

  expect(field('E-mail address').value).toBe(EMAIL);
  expect(screen.getByRole('alert').textContent).toMatch(/new password is set. Whoever was signed in .* may still be/);
});

test('nobody signs in with a new password before the other sessions have ended, also after a reload', async () => {
  const locked = new Refused('NotAuthorizedException', 'Password attempts exceeded');
  pool.endSessions.mockRejectedValue(locked);
  await setANewPassword();
  await isAt('Sign in');
  send();
  await screen.findByText(/Too many attempts with a wrong password/);
  cleanup();
  open();
  type('Password', PASSWORD);
  pool.endSessions.mockResolvedValue(undefined);
  send();
  await screen.findByText(/signed out everywhere/);
  expect(signIn).not.toHaveBeenCalled();

  send();

  await vi.waitFor(() => expect(signIn.mock.calls).toEqual([[EMAIL, PASSWORD]]));
  expect(pool.endSessions).toHaveBeenCalledTimes(3);
});

test('other sessions are ended also when the answer to the new password was lost', async () => {
  pool.resetPassword.mockRejectedValueOnce(new NoAnswer());
  pool.resetPassword.mockRejectedValueOnce(new Refused('ExpiredCodeException', 'used'));
  await setANewPassword();
  await screen.findByText(/can’t reach|offline/);
  send();
  await screen.findByText(/code isn’t valid any more/);
  click('Sign in');
  await isAt('Sign in');
  type('Password', PASSWORD);
  send();
  await screen.findByText(/signed out everywhere/);

  expect(pool.endSessions.mock.calls).toEqual([[EMAIL, PASSWORD]]);
  expect(signIn).not.toHaveBeenCalled();
});

test('a code that is refused ends no sessions', async () => {
  pool.resetPassword.mockRejectedValueOnce(new Refused('CodeMismatchException', 'no'));
  await setANewPassword();
  await screen.findByText(/code isn’t the right one/);
  click('Sign in');
  await isAt('Sign in');
  type('Password', PASSWORD);
  send();

  await vi.waitFor(() => expect(signIn).toHaveBeenCalledTimes(1));
  expect(pool.endSessions).not.toHaveBeenCalled();
});

test('sessions of two accounts have to be ended, each before somebody signs in to it', async () => {
  const { progress, set } = createSignInProgress(sessionStorage, 'b');
  set({ step: 'sign-in', email: EMAIL, unended: ['other@example.com', EMAIL.toUpperCase()] });
  open();
  type('Password', PASSWORD);
  send();
  await screen.findByText(/signed out everywhere/);

  expect(pool.endSessions.mock.calls).toEqual([[EMAIL, PASSWORD]]);
  expect(progress.value.unended).toHaveLength(2); // as it was read before
  expect(createSignInProgress(sessionStorage, 'b').progress.value.unended).toEqual(['other@example.com']);
});

test('another account signs in while sessions of the first have still to be ended, which stays noted', async () => {
  pool.endSessions.mockRejectedValue(new NoAnswer());
  await setANewPassword();
  await isAt('Sign in');
  type('E-mail address', 'other@example.com');
  send();
  await vi.waitFor(() => expect(signIn.mock.calls).toEqual([['other@example.com', PASSWORD]]));

  const { progress, clear } = createSignInProgress(sessionStorage, 'b');
  clear(); // somebody is signed in

  expect(progress.value).toEqual({ step: 'sign-in', email: '', unconfirmed: '', unended: [EMAIL] });
  expect(createSignInProgress(sessionStorage, 'b').progress.value).toEqual(progress.value);
  expect(createSignInProgress(sessionStorage, 'another').progress.value.unended).toEqual([]);
});

test('a new password begins empty, and a reload keeps the step', async () => {
  type('Password', 'the forgotten one');
  await askForANewPassword();
  expect(field('New password').value).toBe('');

  open();

  expect(await title()).toBe('Choose a new password');
});

test('an account that nobody confirmed is confirmed before it gets a new password', async () => {
  const message = 'Cannot reset password for the user as there is no registered/verified email or phone_number';
  pool.forgotPassword.mockRejectedValue(new Refused('InvalidParameterException', message));
  type('E-mail address', EMAIL);
  click('Forgotten your password?');
  await isAt('Reset your password');
  send();

  await isAt('Confirm your e-mail address');

  expect(pool.resendCode).toHaveBeenCalledWith(EMAIL);
});

test('an account of which Cognito doesn’t say that nobody confirmed it has a way to the confirmation', async () => {
  signIn.mockRejectedValue(new Refused('NotAuthorizedException', 'Incorrect username or password.'));
  type('E-mail address', EMAIL);
  type('Password', PASSWORD);
  send();
  await screen.findByText('The e-mail address or the password is wrong.');
  await askForANewPassword();

  click('Confirm it first');

  await isAt('Confirm your e-mail address');
  expect(pool.resendCode).toHaveBeenCalledWith(EMAIL);
});

const text = () => document.querySelector('form')?.textContent;
const IF_ANY = `If there is an account for ${EMAIL} that isn’t confirmed yet, we sent a code to it.`;

test('of an address that may have no account nothing is promised, also after a reload, and another one can be given', async () => {
  await askForANewPassword();
  click('Send another code');
  await screen.findByText(/^If there is an account for this address, we sent another code/);
  click('Confirm it first');
  await isAt('Confirm your e-mail address');
  expect(text()).toContain(IF_ANY);

  open();
  expect(text()).toContain(IF_ANY);
  click('Send another code');
  await screen.findByText(/^If there is an account for this address that isn’t confirmed yet, we sent another code/);
  click('Another address');

  await isAt('Reset your password');
  expect(field('E-mail address').value).toBe(EMAIL);
});

test('at the new password, too, another address can be given', async () => {
  await askForANewPassword();

  click('Another address');

  await isAt('Reset your password');
});

// Cognito's answers where there is no account: "Managing user existence error responses" in its guide.
test.each([
  ['Confirm your e-mail address', 'ExpiredCodeException'],
  ['Choose a new password', 'CodeMismatchException'],
  ['Choose a new password', 'ExpiredCodeException'],
])(
  'a code for an address without an account, at "%s", is refused with %s: no more is said than is so',
  async (step, type_) => {
    pool.confirm.mockRejectedValue(new Refused(type_, 'Invalid code provided'));
    pool.resetPassword.mockRejectedValue(new Refused(type_, 'Invalid code provided'));
    await askForANewPassword();
    if (step !== 'Choose a new password') {
      click('Confirm it first');
    }
    await isAt(step);
    type('Code', '123456');

    send();

    const said = (await screen.findByRole('alert')).textContent;
    expect(said).toMatch(/address/);
    expect(said).not.toMatch(/expired/);
    const ways = screen.getAllByRole('button').map(({ textContent }) => textContent);
    expect(ways).toEqual(
      expect.arrayContaining(['Send another code', 'Another address', 'Create an account', 'Sign in']),
    );
    click('Create an account');
    await isAt('Create an account');
    expect(field('E-mail address').value).toBe(EMAIL);
  },
);

const unconfirmed = new Refused('UserNotConfirmedException', 'User is not confirmed.');
const WAYS: readonly [string, () => Promise<void>][] = [
  ['a sign-up', askForACode],
  [
    'a sign-in that says so',
    async () => {
      signIn.mockRejectedValue(unconfirmed);
      type('E-mail address', EMAIL);
      type('Password', PASSWORD);
      send();
      await isAt('Confirm your e-mail address');
    },
  ],
  [
    'a new password that is refused so',
    async () => {
      pool.resetPassword.mockRejectedValue(unconfirmed);
      await askForANewPassword();
      type('Code', '654321');
      type('New password', PASSWORD);
      send();
      await isAt('Confirm your e-mail address');
    },
  ],
  [
    'a sign-up before the password was forgotten',
    async () => {
      await askForACode();
      click('Sign in');
      await isAt('Sign in');
      await askForANewPassword();
      click('Confirm it first');
      await isAt('Confirm your e-mail address');
    },
  ],
];

test.each(WAYS)('of an account that isn’t confirmed, by %s, it is said that a code was sent', async (_, ask) => {
  await ask();
  expect(text()).toContain(`We sent a code to ${EMAIL}.`);

  open();

  expect(text()).toContain(`We sent a code to ${EMAIL}.`);
  expect(screen.queryByRole('button', { name: 'Create an account' })).toBeNull();
  click('Send another code');
  await screen.findByText('We sent another code. Only the newest one counts.');
});

test('whoever mistyped the address at the sign-up goes back to it, and mends it', async () => {
  await askForACode();

  click('Another address');

  await isAt('Create an account');
  expect(screen.getByLabelText<HTMLInputElement>('E-mail address').value).toBe(EMAIL);
  type('E-mail address', 'mended@example.com');
  send();
  await isAt('Confirm your e-mail address');
  expect(text()).toContain('We sent a code to mended@example.com.');
});

test('what is known of one address is not said of another', async () => {
  await askForACode();
  click('Sign in');
  await isAt('Sign in');
  click('Forgotten your password?');
  await isAt('Reset your password');
  type('E-mail address', 'typo@example.com');
  send();
  await isAt('Choose a new password');

  click('Confirm it first');

  await isAt('Confirm your e-mail address');
  expect(text()).toContain('If there is an account for typo@example.com');
});

test('an address that is confirmed already gets a code for a new password instead', async () => {
  pool.resendCode.mockRejectedValue(new Refused('InvalidParameterException', 'User is already confirmed.'));
  await askForANewPassword();

  click('Confirm it first');

  await isAt('Reset your password');
  expect(screen.getByRole('status').textContent).toMatch(/confirmed already/);
  expect(field('E-mail address').value).toBe(EMAIL);
});

test('a password is shown to whoever asks, and hidden again', () => {
  type('Password', PASSWORD);
  click('Show password');
  expect([field('Password').type, field('Password').value]).toEqual(['text', PASSWORD]);

  click('Hide password');

  expect(field('Password').type).toBe('password');
});

test('the rules for a password are checked off while it is typed, and hold it back', async () => {
  click('Create an account');
  await isAt('Create an account');
  type('Password', 'aa1');
  const met = () => [...document.querySelectorAll('.rule-met')].map(({ textContent }) => textContent);

  const early = met();
  const complaint = field('Password').validationMessage;
  type('Password', PASSWORD);

  await vi.waitFor(() => expect(met()).toHaveLength(document.querySelectorAll('.rules li').length));
  expect(early).toEqual(['A lower-case letter (a–z), done', 'A digit (0–9), done', 'No spaces, done']);
  expect(complaint).toBe('Still needed: at least 12 characters, an upper-case letter (A–Z).');
  expect(field('Password').validationMessage).toBe('');
});

test('on a local run the code is shown, and without a token the way to it for a new password', async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path);
    return Promise.resolve(Response.json({ code: '123456' }));
  });
  open({ engineer: true });
  await askForACode();
  expect((await screen.findByText('123456')).closest('[role=status]')).toBeTruthy();
  click('Sign in');
  await isAt('Sign in');

  await askForANewPassword();

  expect((await screen.findByRole('link', { name: 'the engineer’s view' })).getAttribute('href')).toBe('/engineer');
  expect(new Set(asked)).toEqual(new Set(['/_local/sign-up-code?email=zo%C3%AB%40example.com']));
});

test('the engineer’s view in another tab lends its token to the code for a new password', async () => {
  const token = 'a'.repeat(32);
  const sent: unknown[] = [];
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    sent.push([path, init.headers]);
    return Promise.resolve(Response.json({ code: '654321' }));
  });
  const engineers = new BroadcastChannel('orders.engineer-token');
  engineers.onmessage = () => engineers.postMessage(token);
  open({ engineer: true });

  await askForANewPassword();

  expect(await screen.findByText('654321')).toBeTruthy();
  expect(sent[0]).toEqual(['/_local/password-code?email=zo%C3%AB%40example.com', { 'x-local-token': token }]);
  engineers.close();
});

test('the code takes the place of the way to it, which gives the focus to the page’s heading', async () => {
  let answer: (response: Response) => void = () => {};
  const answered = new Promise<Response>((resolve) => (answer = resolve));
  vi.stubGlobal('fetch', () => answered);
  open({ engineer: true });
  await askForACode();
  const heading = screen.getByRole('heading', { name: 'Confirm your e-mail address' });
  await vi.waitFor(() => expect(document.activeElement).toBe(heading));
  (await screen.findByRole('link', { name: 'the engineer’s view' })).focus();

  answer(Response.json({ code: '123456' }));
  await screen.findByText('123456');

  expect(document.activeElement).toBe(heading);
});

test('elsewhere than on a local run nobody asks for the code', async () => {
  const fetched = vi.spyOn(globalThis, 'fetch');

  await askForACode();

  expect(document.body.textContent).not.toMatch(/local run|Your code/);
  expect(fetched).not.toHaveBeenCalled();
});

test('who signs in stays where they wanted to go while that page is still being loaded', async () => {
  open({ engineer: true, address: '/sign-in?then=%2Fengineer%3Fx%3D1' });

  user.value = { id: '1', email: EMAIL };
  await vi.waitFor(() => expect(location.pathname).toBe('/engineer'));
  await new Promise((resume) => setTimeout(resume, 50)); // another rendering

  expect(location.pathname + location.search).toBe('/engineer?x=1');
});

test('who goes to another address of signing in goes on where that one leads', async () => {
  open({ address: '/sign-in?then=%2Forders%2F01K9A' });

  history.pushState(null, '', '/sign-in?then=%2Forders%2F01K9B');
  dispatchEvent(new PopStateEvent('popstate'));
  await isAt('Sign in');
  user.value = { id: '1', email: EMAIL };

  await vi.waitFor(() => expect(location.pathname).toBe('/orders/01K9B'));
});
