import type { InputHTMLAttributes } from 'preact';

interface Props {
  readonly label: string;
  readonly type?: 'email' | 'text';
  readonly autocomplete: 'username' | 'one-time-code';
  readonly inputMode?: 'numeric' | 'email' | 'text';
  readonly pattern?: string;
  readonly title?: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** A text field that must be filled in, with its label. */
export function Field({ label, type = 'text', value, onValue, ...input }: Props) {
  const attributes = { ...input, type } as InputHTMLAttributes;
  return (
    <label>
      {label}
      <input {...attributes} required value={value} onInput={({ currentTarget }) => onValue(currentTarget.value)} />
    </label>
  );
}

/** The six digits that were sent by e-mail. */
export function CodeField({ value, onValue }: Pick<Props, 'value' | 'onValue'>) {
  return (
    <Field
      label="Code"
      inputMode="numeric"
      autocomplete="one-time-code"
      pattern="\s*[0-9]{6}\s*"
      title="the six digits from the e-mail"
      value={value}
      onValue={onValue}
    />
  );
}

/** The address that is also the user's name. */
export function EmailField({ value, onValue }: Pick<Props, 'value' | 'onValue'>) {
  return <Field label="E-mail address" type="email" autocomplete="username" value={value} onValue={onValue} />;
}
