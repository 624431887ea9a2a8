import type { InputHTMLAttributes } from 'preact';
import { useId } from 'preact/hooks';

interface Props {
  readonly label: string;
  readonly hint?: string;
  readonly type?: 'email' | 'password' | 'text';
  readonly autocomplete: 'username' | 'current-password' | 'new-password' | 'one-time-code';
  readonly inputMode?: 'numeric' | 'email' | 'text';
  readonly minLength?: number;
  readonly pattern?: string;
  readonly title?: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** A text field that must be filled in, with its label and, below it, what it should hold. */
export function Field({ label, hint, type = 'text', value, onValue, ...input }: Props) {
  const id = useId();
  const attributes = { ...input, type } as InputHTMLAttributes;
  return (
    <label>
      {label}
      <input
        {...attributes}
        required
        value={value}
        aria-describedby={hint === undefined ? undefined : id}
        onInput={({ currentTarget }) => onValue(currentTarget.value)}
      />
      {hint !== undefined && <small id={id}>{hint}</small>}
    </label>
  );
}
