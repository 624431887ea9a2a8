import { useLocation } from 'preact-iso';
import { useEffect, useRef } from 'preact/hooks';
import { useDesk } from '../desk.ts';
import type { Standing } from '../orders/live_updates.ts';
import { ROUTES } from '../routes.ts';
import { Moment } from './moment.tsx';
import { ReloadNotice } from './reload_notice.tsx';

const LIVENESS: Readonly<Record<Standing, string>> = {
  connecting: 'Connecting…',
  live: 'Live',
  checking: 'Checking…',
  waiting: 'Reconnecting…',
  offline: 'Offline',
};

/** The bar above each page: where one can go, who one is, and whether news come in. */
export function Header() {
  const { config, session } = useDesk();
  const user = session.user.value;
  const bar = useRef<HTMLElement>(null);
  useEffect(() => measured(bar.current as HTMLElement), []);
  return (
    <header ref={bar} class="bar">
      <a class="skip" href="#main">
        Skip to the page’s content
      </a>
      <nav class="container" aria-label="Main">
        <a class="brand" href={ROUTES.menu}>
          <img src="/icon.svg" alt="" width="28" height="28" />
          <span>Order desk</span>
        </a>
        <ul>
          {user && <NavLink href={ROUTES.menu}>Menu</NavLink>}
          {user && <NavLink href={ROUTES.orders}>Orders</NavLink>}
          {config.engineer && <NavLink href={ROUTES.engineer}>Engineer</NavLink>}
        </ul>
        {user && <Account email={user.email} />}
      </nav>
      <div class="container">
        <ReloadNotice />
      </div>
    </header>
  );
}

/** Tell the style sheet how high the bar is, which grows with what is said in it. Returns how to stop. */
function measured(bar: HTMLElement): () => void {
  const observer = new ResizeObserver(() => {
    document.documentElement.style.setProperty('--bar-height', `${bar.offsetHeight}px`);
  });
  observer.observe(bar);
  return () => observer.disconnect();
}

function NavLink({ href, children }: { href: string; children: string }) {
  const { path } = useLocation();
  const isHere = href === ROUTES.menu ? path === href : path.startsWith(href);
  return (
    <li>
      <a href={href} aria-current={isHere ? 'page' : undefined}>
        {children}
      </a>
    </li>
  );
}

function Account({ email }: { email: string }) {
  const { session } = useDesk();
  const { route } = useLocation();
  const signOut = (): void => {
    session.signOut();
    // Whoever signs in next doesn't go on where this customer was.
    route(ROUTES.signIn, true);
  };
  return (
    <div class="account">
      <Liveness />
      <span class="email" title={email}>
        {email}
      </span>
      <button type="button" class="secondary outline small" onClick={signOut}>
        Sign out
      </button>
    </div>
  );
}

/** Whether news come in; where none do by themselves, when the page asked for them last. */
function Liveness() {
  const { config, liveness, orders } = useDesk();
  const at = orders.checkedAt.value;
  const isChecked = !config.liveUpdates && liveness.value === 'live';
  // There was nothing to ask for yet.
  if (isChecked && at === null) {
    return null;
  }
  return (
    <span class="liveness" data-liveness={liveness.value}>
      <span role="status">{isChecked ? 'Checked' : LIVENESS[liveness.value]}</span>
      {/* No live region: a screen reader would speak each minute. */}
      {isChecked && at !== null && <Moment at={new Date(at).toISOString()} />}
    </span>
  );
}
