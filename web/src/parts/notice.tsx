import type { ComponentChildren } from 'preact';

/** Something the customer should read; trouble is spoken at once. */
export function Notice({ kind = 'trouble', children }: { kind?: 'trouble' | 'good'; children: ComponentChildren }) {
  return (
    <div class={`notice notice-${kind}`} role={kind === 'trouble' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}

/** What went wrong, with a button that tries again. */
export function Trouble({ text, onRetry }: { text: string; onRetry: () => void }) {
  return (
    <Notice>
      <p>{text}</p>
      <button type="button" class="secondary outline" onClick={onRetry}>
        Try again
      </button>
    </Notice>
  );
}
