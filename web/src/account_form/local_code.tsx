import { useCallback } from 'preact/hooks';
import { useDesk } from '../desk.ts';
import { localCode, type Purpose } from '../engineer/local_server.ts';
import { usePolled } from '../engineer/polling.ts';
import { useLocalToken } from '../engineer/token.ts';
import { useFocusPassedOn } from '../parts/focus.ts';
import { ROUTES } from '../routes.ts';

interface Props {
  readonly email: string;
  readonly purpose: Purpose;
}

/** The code that a local run didn't send anywhere; nothing elsewhere. */
export function LocalCode(props: Props) {
  return useDesk().config.engineer ? <Polled {...props} /> : null;
}

function Polled({ email, purpose }: Props) {
  const token = useLocalToken();
  const read = useCallback(() => localCode(purpose, email, token), [purpose, email, token]);
  const { value: code, error } = usePolled(read, 1000);
  if (code !== null && !error) {
    return (
      <p class="local-code" role="status">
        Your code: <strong class="code">{code}</strong>
      </p>
    );
  }
  return (
    <p>
      On this local run no mail leaves the machine. The code is in the mailbox of <EngineersView />, which opens at the
      address that <code>make status</code> prints.
    </p>
  );
}

function EngineersView() {
  const link = useFocusPassedOn<HTMLAnchorElement>();
  return (
    <a ref={link} href={ROUTES.engineer} target="_blank">
      the engineer’s view
    </a>
  );
}
