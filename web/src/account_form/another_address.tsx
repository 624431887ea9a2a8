import type { StepProps } from './step_props.ts';

/** The way back for whoever mistyped the address: nobody says that there is no account for it. */
export function AnotherAddress({ go }: Pick<StepProps, 'go'>) {
  return (
    <p class="switch">
      Not your address?{' '}
      <button type="button" class="link" onClick={() => go('forgotten')}>
        Another address
      </button>
    </p>
  );
}
