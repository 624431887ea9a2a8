import { useEffect, useState } from 'preact/hooks';

const KEPT = 'orders.engineer-token';
// As local/engineer/token.py makes it: `#main`, where the skip link goes, isn't one.
const TOKEN = /^[\w-]{32}$/;
const ASKS = 'asks';

/** The token of the address, which then leaves it, so that it isn't in a picture or a bookmark; else the one kept. */
export function takeToken(): string | null {
  const token = location.hash.slice(1);
  if (TOKEN.test(token)) {
    sessionStorage.setItem(KEPT, token);
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  const kept = sessionStorage.getItem(KEPT);
  return kept !== null && TOKEN.test(kept) ? kept : null;
}

/** The token of this tab, or of another one of this browser that has it; null as long as none has. */
export function useLocalToken(): string | null {
  const [token, setToken] = useState(takeToken);
  // A new start's address in the same tab changes only what is behind the #, and no page is loaded for that.
  useEffect(() => {
    const take = (): void => setToken(takeToken());
    addEventListener('hashchange', take);
    take(); // the address may have changed between the first look and this one
    return () => removeEventListener('hashchange', take);
  }, []);
  useEffect(() => {
    const channel = new BroadcastChannel(KEPT);
    channel.onmessage = ({ data }: MessageEvent<string>) => {
      if (token !== null && data === ASKS) {
        channel.postMessage(token);
      } else if (token === null && TOKEN.test(data)) {
        sessionStorage.setItem(KEPT, data);
        setToken(data);
      }
    };
    channel.postMessage(token ?? ASKS);
    return () => channel.close();
  }, [token]);
  return token;
}
