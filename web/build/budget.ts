import { gzipSync } from 'node:zlib';
import type { Plugin, Rollup } from 'vite';

// What a phone on a slow line may have to load before it shows something.
const LIMIT_BYTES = 150_000;

/** Fails the build when the JavaScript of the first load is more than the limit, gzipped. */
export function budget(): Plugin {
  return {
    name: 'budget',
    apply: 'build',
    generateBundle(_, bundle) {
      const names = firstLoad(bundle);
      if (names.length === 0) {
        this.error('nothing is loaded first: the bundle has no entry, so its size says nothing');
      }
      const bytes = names.reduce((sum, name) => sum + gzipSync((bundle[name] as Rollup.OutputChunk).code).length, 0);
      const told = `${(bytes / 1000).toFixed(1)} kB of JavaScript gzipped on first load (${names.join(', ')})`;
      if (bytes > LIMIT_BYTES) {
        this.error(`${told}: more than ${LIMIT_BYTES / 1000} kB`);
      }
      this.info(told);
    },
  };
}

/** The entry and all that it imports at once; what it imports later isn't part of it. */
export function firstLoad(bundle: Rollup.OutputBundle): string[] {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const chunk = bundle[name];
    if (chunk?.type !== 'chunk' || seen.has(name)) {
      return;
    }
    seen.add(name);
    chunk.imports.forEach(visit);
  };
  Object.values(bundle).forEach((chunk) => {
    if (chunk.type === 'chunk' && chunk.isEntry) {
      visit(chunk.fileName);
    }
  });
  return [...seen];
}
