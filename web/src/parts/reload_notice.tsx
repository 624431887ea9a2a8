import { useDesk } from '../desk.ts';
import { Notice } from './notice.tsx';

/** The page's servers are others by now: the customer decides when to reload, since something may be half written. */
export function ReloadNotice() {
  const { isOutdated } = useDesk();
  return isOutdated.value ? (
    <Notice>
      <p>The order desk has moved to other servers. Reload the page to go on: what is in your basket stays there.</p>
      <button type="button" class="secondary outline" onClick={() => location.reload()}>
        Reload
      </button>
    </Notice>
  ) : null;
}
