import POLICY from './password_policy.json';

export interface Rule {
  readonly text: string;
  readonly isMet: boolean;
}

/** As Cognito counts: letters and digits are those of Basic Latin. Why no spaces: docs/decisions/page/password-rules.md. */
const RULES: readonly { readonly text: string; readonly isAsked: boolean; readonly allows: RegExp }[] = [
  {
    text: `At least ${POLICY.minimum_length} characters`,
    isAsked: true,
    allows: new RegExp(`^.{${POLICY.minimum_length},}$`, 'su'),
  },
  { text: 'A lower-case letter (a–z)', isAsked: POLICY.require_lowercase, allows: /[a-z]/ },
  { text: 'An upper-case letter (A–Z)', isAsked: POLICY.require_uppercase, allows: /[A-Z]/ },
  { text: 'A digit (0–9)', isAsked: POLICY.require_numbers, allows: /[0-9]/ },
  {
    text: 'A symbol, such as ! or -',
    isAsked: POLICY.require_symbols,
    allows: /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]/,
  },
  { text: 'No spaces', isAsked: true, allows: /^\S+$/ },
];

/** What a new password must be, and what of it this one is. */
export function passwordRules(password: string): readonly Rule[] {
  return RULES.filter(({ isAsked }) => isAsked).map(({ text, allows }) => ({ text, isMet: allows.test(password) }));
}
