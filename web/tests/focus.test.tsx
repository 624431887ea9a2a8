import { signal } from '@preact/signals';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/preact';
import type { ComponentChild } from 'preact';
import { useState } from 'preact/hooks';
import { afterEach, expect, test } from 'vitest';
import { NoAnswer, Refused } from '../src/api/errors.ts';
import { DeskContext, type Desk } from '../src/desk.ts';
import { Dialog } from '../src/parts/dialog.tsx';
import { Trouble } from '../src/parts/notice.tsx';
import { Page } from '../src/parts/page.tsx';
import { ReloadNotice } from '../src/parts/reload_notice.tsx';
import { Stepper } from '../src/parts/stepper.tsx';

/** What a dialog needs of a desk: servers that are the same as before. */
function renderAtDesk(child: ComponentChild): void {
  const desk = { isOutdated: signal(false) } as unknown as Desk;
  render(<DeskContext.Provider value={desk}>{child}</DeskContext.Provider>);
}

afterEach(cleanup);

const button = (name: string): HTMLElement => screen.getByRole('button', { name, hidden: true });
const heading = (): HTMLElement => screen.getByRole('heading', { level: 1, hidden: true });

async function press(name: string): Promise<void> {
  button(name).focus();
  await act(() => {
    fireEvent.click(button(name));
  });
  // What gives the focus on does so after the page is drawn.
  await act(() => new Promise((drawn) => setTimeout(drawn, 50)));
}

/** A page on which one thing is opened, and goes together with its opener or without it. */
function Opening({ takesOpener }: { takesOpener: boolean }) {
  const [state, setState] = useState<'closed' | 'open' | 'done'>('closed');
  return (
    <main id="main">
      <Page title="An order">
        {(state === 'closed' || !takesOpener) && <button onClick={() => setState('open')}>Open</button>}
        {state === 'open' && (
          <Dialog title="Sure?" isBusy={false} onClose={() => {}}>
            {() => <button onClick={() => setState('done')}>Yes</button>}
          </Dialog>
        )}
      </Page>
    </main>
  );
}

test('a dialog gives the focus back to what opened it', async () => {
  renderAtDesk(<Opening takesOpener={false} />);
  await press('Open');

  await press('Yes');

  expect(document.activeElement).toBe(button('Open'));
});

test('a dialog whose opener is gone gives the focus to the page’s heading', async () => {
  renderAtDesk(<Opening takesOpener />);
  await press('Open');

  await press('Yes');

  expect(document.activeElement).toBe(heading());
});

/** A page whose question, once agreed to, is asked anew. */
function Questions() {
  const [turn, setTurn] = useState(1);
  const [isOpen, setOpen] = useState(true);
  const agree = async (): Promise<void> => {
    setOpen(false);
    await Promise.resolve();
    setTurn(2);
    setOpen(true);
  };
  return isOpen ? (
    <Dialog title={`Question ${turn}`} isBusy={false} onClose={() => setOpen(false)}>
      {() => <button onClick={() => void agree()}>Agree</button>}
    </Dialog>
  ) : null;
}

test('a dialog that is gone closes no other, however late the browser tells of its end', async () => {
  renderAtDesk(<Questions />);
  const first = screen.getByRole('dialog', { hidden: true });
  await press('Agree');

  await act(() => {
    fireEvent(first, new Event('close'));
  });

  expect(screen.queryByText('Question 2')).not.toBeNull();
});

/** A page with something on it that is taken away by a press. */
function Passing({ what }: { what: 'trouble' | 'stepper' }) {
  const [isThere, setThere] = useState(true);
  const take = (): void => setThere(false);
  return (
    <main id="main">
      <Page title="An order">
        {isThere && what === 'trouble' && <Trouble text="No answer." error={new NoAnswer('502')} onRetry={take} />}
        {isThere && what === 'stepper' && <Stepper name="Margherita" quantity={0} onChange={take} />}
        <button>Other</button>
      </Page>
    </main>
  );
}

test.each([
  ['trouble', 'Try again'],
  ['stepper', 'Add Margherita'],
] as const)('what goes while it has the focus gives it to the page’s heading (%s)', async (what, name) => {
  render(<Passing what={what} />);

  await press(name);

  expect(document.activeElement).toBe(heading());
});

test.each([
  ['as many as there may be', 99, false, 'One Margherita more'],
  ['a dish that is being sent', 1, true, 'One Margherita more'],
  ['a dish that is being sent', 1, true, 'One Margherita less'],
])('a button that can’t be pressed any more keeps the focus, and does nothing (%s)', async (_, first, isSent, name) => {
  const changes: number[] = [];
  function Choosing() {
    const [quantity, setQuantity] = useState(first);
    const change = (next: number): void => {
      changes.push(next);
      setQuantity(next);
    };
    return <Stepper name="Margherita" quantity={quantity} isDisabled={isSent} onChange={change} />;
  }
  render(<Choosing />);

  await press(name);
  await press(name);

  // The browser would take the focus from a button that is disabled.
  expect(button(name).matches(':disabled')).toBe(false);
  expect(button(name).getAttribute('aria-disabled')).toBe('true');
  expect(document.activeElement).toBe(button(name));
  expect(changes).toEqual(isSent ? [] : [100]);
});

test('the offer to reload gives the focus to the page’s heading when nothing is other than before', async () => {
  const isOutdated = signal(true);
  render(
    <DeskContext.Provider value={{ drafts: { lines: signal([]) }, isOutdated } as unknown as Desk}>
      <main id="main">
        <ReloadNotice />
        <Page title="An order">…</Page>
      </main>
    </DeskContext.Provider>,
  );
  button('Reload').focus();

  await act(() => void (isOutdated.value = false));

  expect(document.activeElement).toBe(heading());
});

test('what goes while something else has the focus leaves it there', async () => {
  render(<Passing what="trouble" />);
  button('Other').focus();

  await act(() => {
    fireEvent.click(button('Try again'));
  });

  expect(document.activeElement).toBe(button('Other'));
});

test.each([
  [new NoAnswer('502'), ['Try again']],
  [new TypeError('x is undefined'), ['Reload the page']],
  [new Refused('OrderNotFound', 'no such order'), ['See your orders']],
])('trouble offers what may help (%o)', (error, offered) => {
  render(
    <Trouble text="This went wrong." error={error} onRetry={() => {}}>
      <a href="/orders">See your orders</a>
    </Trouble>,
  );

  expect([...screen.queryAllByRole('button'), ...screen.queryAllByRole('link')].map((it) => it.textContent)).toEqual(
    offered,
  );
});
