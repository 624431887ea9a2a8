import type { ComponentType } from 'preact';
import { lazy } from 'preact-iso';
import { NotLoaded, sentence } from '../api/errors.ts';
import { Trouble } from './notice.tsx';

/** Load a part of the page when it is first shown; where that fails, the part says so until the page is reloaded. */
export function loadedLater<Props>(load: () => Promise<{ default: ComponentType<Props> }>): ComponentType<Props> {
  return lazy(() => load().catch(notLoaded<Props>));
}

function notLoaded<Props>(cause: unknown): { default: ComponentType<Props> } {
  console.error(cause);
  const error = new NotLoaded(String(cause));
  return { default: () => <Trouble text={sentence(error)} error={error} onRetry={() => location.reload()} /> };
}
