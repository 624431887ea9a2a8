import '@picocss/pico/css/pico.orange.min.css';
import './styles/page.css';
import './styles/menu.css';
import './styles/orders.css';
import './styles/account.css';
import { render, type ComponentChild } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { backoffMs } from './api/backoff.ts';
import { isStoppedOnTheWay, sentence } from './api/errors.ts';
import { comebacks } from './api/network.ts';
import { App } from './app.tsx';
import { loadConfig } from './config.ts';
import { createDesk, type Desk } from './desk.ts';
import { useAction } from './parts/action.ts';
import { rememberScroll } from './parts/scroll_position.ts';
import { BusyButton } from './parts/waiting.tsx';

const root = document.getElementById('app') as HTMLElement;
const storage = storageOfTab();
let desk: Desk | null = null;
let failedStarts = 0;

/** Show the page once its configuration is there, and whoever was signed in is again. */
async function start(): Promise<void> {
  if (storage === null) {
    show(<NeedsStorage />);
    return;
  }
  const comebacksBefore = comebacks.peek();
  try {
    desk ??= createDesk(await loadConfig(), storage);
    await desk.session.resume();
    show(<App desk={desk} />);
  } catch (error) {
    show(<CantStart error={error} comebacksBefore={comebacksBefore} />);
  }
}

/** What this tab remembers; null where the browser lets this site store nothing, and throws at the very name. */
function storageOfTab(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

function show(page: ComponentChild): void {
  document.getElementById('starting')?.remove();
  render(page, root);
}

function NeedsStorage() {
  return (
    <main class="container">
      <div class="starting" role="alert">
        <h1>The order desk can’t start</h1>
        <p>Your browser doesn’t let this site store data: allow it in the browser’s settings, and reload the page.</p>
        <button type="button" onClick={() => location.reload()}>
          Reload the page
        </button>
      </div>
    </main>
  );
}

interface CantStartProps {
  readonly error: unknown;
  /** How many comebacks there had been: with the next one it starts at once. */
  readonly comebacksBefore: number;
}

function CantStart({ error, comebacksBefore }: CantStartProps) {
  const action = useAction();
  const { act } = action;
  const latest = useRef(act);
  latest.current = act;
  // What a firewall refused isn't sent again by itself.
  const isStopped = isStoppedOnTheWay(error);
  const isBack = !isStopped && comebacks.value > comebacksBefore;
  useEffect(() => {
    if (isBack) {
      act(start);
    }
  });
  useEffect(() => {
    if (isStopped) {
      return;
    }
    const timer = setTimeout(() => latest.current(start), backoffMs(failedStarts++));
    return () => clearTimeout(timer);
  }, [error, isStopped]);
  return (
    <main class="container">
      <div class="starting" role="alert">
        <h1>The order desk can’t start</h1>
        <p>
          {isStopped
            ? sentence(error)
            : 'Its servers could not be reached. Nothing is lost: please try again in a moment.'}
        </p>
        <BusyButton type="button" isBusy={action.isBusy} onClick={() => action.act(start)}>
          Try again
        </BusyButton>
        <p>
          <small>{error instanceof Error ? error.message : String(error)}</small>
        </p>
      </div>
    </main>
  );
}

if (storage !== null) {
  rememberScroll();
}
void start();
