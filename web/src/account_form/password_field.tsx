import type { InputHTMLAttributes } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { passwordRules } from '../account/password_rules.ts';

interface Props {
  readonly label?: string;
  readonly autocomplete?: 'current-password' | 'new-password';
  readonly describedBy?: string;
  /** Why this password can't be sent; empty when it can. */
  readonly complaint?: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** A password, which can be shown to whoever types it. */
export function PasswordField({
  label = 'Password',
  autocomplete = 'current-password',
  describedBy,
  complaint = '',
  value,
  onValue,
}: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [isShown, setShown] = useState(false);
  useEffect(() => input.current?.setCustomValidity(complaint), [complaint]);
  const type = isShown ? 'text' : 'password';
  const attributes = { type, autocomplete, autocapitalize: 'none', spellcheck: false } as InputHTMLAttributes;
  return (
    <div class="password">
      <label for={id}>{label}</label>
      <div class="password-line">
        <input
          {...attributes}
          id={id}
          ref={input}
          required
          maxLength={256}
          value={value}
          aria-describedby={describedBy}
          onInput={({ currentTarget }) => onValue(currentTarget.value)}
        />
        <button type="button" class="secondary outline" aria-controls={id} onClick={() => setShown(!isShown)}>
          {isShown ? 'Hide' : 'Show'}
          <span class="visually-hidden"> password</span>
        </button>
      </div>
    </div>
  );
}

/** A new password, with what it must be, checked off while it is typed. */
export function NewPasswordField({ label = 'Password', value, onValue }: Props) {
  const id = useId();
  const rules = passwordRules(value);
  const missing = rules.filter(({ isMet }) => !isMet).map(({ text }) => text.charAt(0).toLowerCase() + text.slice(1));
  return (
    <>
      <PasswordField
        label={label}
        autocomplete="new-password"
        describedBy={id}
        complaint={missing.length === 0 ? '' : `Still needed: ${missing.join(', ')}.`}
        value={value}
        onValue={onValue}
      />
      <ul id={id} class="rules">
        {rules.map(({ text, isMet }) => (
          <li key={text} class={isMet ? 'rule-met' : ''}>
            {text}
            {isMet && <span class="visually-hidden">, done</span>}
          </li>
        ))}
      </ul>
    </>
  );
}
