import { Waiting } from '../parts/waiting.tsx';
import type { Mail } from './local_server.ts';

/** The messages that subscribers got, newest first, as they would read them. */
export function Mailbox({ mails }: { mails: readonly Mail[] | null }) {
  if (mails === null) return <Waiting>Opening the mailbox …</Waiting>;
  if (mails.length === 0) return <p>No mail yet: place an order, and what happened to it arrives here.</p>;
  return (
    <ol class="mails">
      {mails.map((mail) => (
        <li key={mail.id}>
          <article class="mail">
            <header>
              <h3>{mail.subject}</h3>
              <p>
                to {mail.to}, <time dateTime={mail.at}>{new Date(mail.at).toLocaleTimeString()}</time>
              </p>
            </header>
            <p class="mail-text">{mail.text}</p>
            {Object.keys(mail.attributes).length > 0 && (
              <dl class="attributes" aria-label="Message attributes">
                {Object.entries(mail.attributes).map(([name, value]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
            )}
          </article>
        </li>
      ))}
    </ol>
  );
}
