import { ErrorBoundary, lazy, LocationProvider, Route, Router } from 'preact-iso';
import type { Config } from './config.ts';
import { MenuPage } from './pages/menu.tsx';
import { NotFoundPage } from './pages/not_found.tsx';
import { OrderPage } from './pages/order.tsx';
import { OrdersPage } from './pages/orders.tsx';
import { SignInPage } from './pages/sign_in.tsx';

const EngineerPage = lazy(() => import('./engineer/index.tsx'));

/** The whole page: what is at which address. */
export function App({ config }: { config: Config }) {
    return (
        <LocationProvider>
            <ErrorBoundary>
                <Router>
                    <Route path="/" component={MenuPage} />
                    <Route path="/orders" component={OrdersPage} />
                    <Route path="/orders/:id" component={OrderPage} />
                    <Route path="/sign-in" component={SignInPage} />
                    {config.engineer ? <Route path="/engineer" component={EngineerPage} config={config} /> : []}
                    <Route default component={NotFoundPage} />
                </Router>
            </ErrorBoundary>
        </LocationProvider>
    );
}
