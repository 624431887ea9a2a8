import { GraphiQL } from 'graphiql';
import 'graphiql/style.css';
import { useMemo, useRef } from 'preact/hooks';

import type { Config } from '../config.ts';
import { signedIn } from './fetcher.ts';
import type { DemoSession } from './local_server.ts';

const STARTER = `# You are signed in as the demo user.
# Ctrl+Enter runs it, Ctrl+Space completes.
# Subscriptions show changes as they come:
# subscription {
#   onOrderChanged(userId: "…") {
#     id status version
#   }
# }
# An order at another price than the one you expect is refused (PriceChanged):
# mutation {
#   postOrder(input: {
#     name: "Margherita", quantity: 1, restaurantId: "trattoria-roma",
#     expectedUnitPrice: 950, expectedCurrency: "EUR"
#   }) {
#     id total
#   }
# }
query Orders {
  orders(first: 5) {
    id
    userId
    name
    quantity
    total
    currency
    status
    version
    createdAt
  }
}
`;

/** GraphiQL on the API, signed in as the demo user. */
export default function Explorer({ config, signIn }: { config: Config; signIn: () => Promise<DemoSession> }) {
  const fetcher = useMemo(() => signedIn(config, signIn), [config, signIn]);
  const letTabLeave = useLettingTabLeave();
  return (
    <>
      <p class="since">In its editors Tab indents. To leave one with the keyboard, press Escape and then Tab.</p>
      <div class="explorer" onKeyDownCapture={letTabLeave}>
        <GraphiQL fetcher={fetcher} defaultQuery={STARTER} isHeadersEditorEnabled={false} />
      </div>
    </>
  );
}

/** After Escape the editors don't get Tab, so that it does what it does everywhere else. */
function useLettingTabLeave(): (event: KeyboardEvent) => void {
  const isLeaving = useRef(false);
  return (event) => {
    if (event.key === 'Tab' && isLeaving.current) {
      event.stopPropagation();
    }
    // Shift comes before Tab on the way back.
    isLeaving.current = event.key === 'Escape' || (isLeaving.current && event.key === 'Shift');
  };
}
