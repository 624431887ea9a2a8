import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { ErrorBoundary, LocationProvider, Route, Router, useLocation, useRoute } from 'preact-iso';
import { DeskContext, useDesk, type Desk } from './desk.ts';
import { MenuPage } from './pages/menu.tsx';
import { NotFoundPage } from './pages/not_found.tsx';
import { OrderPage } from './pages/order.tsx';
import { OrdersPage } from './pages/orders.tsx';
import { SignInPage } from './pages/sign_in.tsx';
import { Announcer } from './parts/screen_reader_announcer.tsx';
import { Header } from './parts/header.tsx';
import { loadedLater } from './parts/lazy_part.tsx';
import { repairPath, ROUTES } from './routes.ts';

repairPath();

const Menu = forCustomers(MenuPage);
const Orders = forCustomers(OrdersPage);
const OneOrder = forCustomers(OrderPage);
const EngineerPage = loadedLater(() => import('./engineer/index.tsx'));

/** The whole page: what is at which address, and what is for customers who are signed in. */
export function App({ desk }: { desk: Desk }) {
  return (
    <DeskContext.Provider value={desk}>
      <LocationProvider>
        <Header />
        <main id="main" class="container" tabIndex={-1}>
          <ErrorBoundary>
            <Router>
              <Route path={ROUTES.menu} component={Menu} />
              <Route path={ROUTES.orders} component={Orders} />
              <Route path={ROUTES.order} component={OneOrder} />
              <Route path={ROUTES.signIn} component={SignInPage} />
              {desk.config.engineer ? <Route path={ROUTES.engineer} component={EngineerPage} /> : []}
              <Route default component={NotFoundPage} />
            </Router>
          </ErrorBoundary>
        </main>
        <Announcer />
      </LocationProvider>
    </DeskContext.Provider>
  );
}

/**
 * The page, or the way to sign in first and come back. Another address is another page, also where the same component shows
 * it: nothing of the one before, as an open dialog, goes on there.
 */
function forCustomers(Content: ComponentType): ComponentType {
  return function ForCustomers() {
    const { session } = useDesk();
    const { url, route } = useLocation();
    // Not the location's, which may be that of a page that is still loading.
    const { path } = useRoute();
    const isSignedIn = session.user.value !== null;
    useEffect(() => {
      if (!isSignedIn) {
        // Whoever signs in after a customer doesn't go on where that one was.
        const then = session.hasSignedOut.value ? '' : `?then=${encodeURIComponent(url)}`;
        route(ROUTES.signIn + then, true);
      }
    }, [isSignedIn, session, url, route]);
    return isSignedIn ? <Content key={path} /> : null;
  };
}
