import type { StepProps } from './step_props.ts';

/** The ways on for whoever has no account under this address: nobody says that there is none. */
export function NoAccount({ go }: Pick<StepProps, 'go'>) {
  return (
    <>
      <p class="switch">
        Not your address?{' '}
        <button type="button" class="link" onClick={() => go('forgotten')}>
          Another address
        </button>
      </p>
      <p class="switch">
        New here?{' '}
        <button type="button" class="link" onClick={() => go('sign-up')}>
          Create an account
        </button>
      </p>
    </>
  );
}
