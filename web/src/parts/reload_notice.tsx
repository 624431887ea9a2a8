import { useDesk } from '../desk.ts';
import { Notice, Step } from './notice.tsx';

/**
 * The page's servers, or what they do, are others by now: the customer decides when to reload, since something may be half
 * written.
 */
export function ReloadNotice() {
  const { drafts, isOutdated } = useDesk();
  if (!isOutdated.value) {
    return null;
  }
  // An account of other servers may be another one, and what was sent is one account's.
  const isSent = drafts.lines.value.some((line) => line.isSent);
  const stays = isSent ? 'what you haven’t sent yet stays in your basket' : 'what is in your basket stays there';
  return (
    <Notice>
      <p>The order desk has changed since this page was opened. Reload the page to go on: {stays}.</p>
      <Step onClick={() => location.reload()}>Reload</Step>
    </Notice>
  );
}
