// @vitest-environment node
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';
import { expect, test } from 'vitest';
import { budget } from '../build/budget.ts';

const MADE = /^made:/;

/** Builds modules that are no files, by name, with the budget; the first of them are the entries. */
async function built(modules: Record<string, string>, { entries = 1, plugins = [] as Plugin[] } = {}): Promise<void> {
  const made: Plugin = {
    name: 'made',
    resolveId: (id) => (MADE.test(id) ? id : null),
    load: (id) => modules[id.replace(MADE, '')] ?? null,
  };
  const input = Object.keys(modules).slice(0, entries);
  await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, rolldownOptions: { input: input.map((name) => `made:${name}`) } },
    plugins: [made, ...plugins, budget()],
  });
}

/** Code that gzip can't make smaller than that. */
const heavy = (kilobytes: number) => `globalThis.kept = '${randomBytes(kilobytes * 1000).toString('base64')}';`;

test('a page that loads more at first than the limit is not built', async () => {
  await expect(built({ main: heavy(140) })).resolves.toBeUndefined();
  await expect(built({ main: heavy(160) })).rejects.toThrow(/kB of JavaScript gzipped on first load.*more than 150 kB/);
});

test('what an entry imports at once counts, also from another chunk', async () => {
  const part = `${heavy(160)} export default 1;`;
  const main = `import part from 'made:part'; console.log(part);`;

  await expect(built({ main, other: main, part }, { entries: 2 })).rejects.toThrow(/part.*more than 150 kB/);
});

test('what an entry imports later does not count', async () => {
  await expect(built({ main: `import('made:part');`, part: heavy(160) })).resolves.toBeUndefined();
});

test('a bundle without an entry is an error and not a small page', async () => {
  const noEntry: Plugin = {
    name: 'no-entry',
    generateBundle: (_, bundle) => Object.keys(bundle).forEach((name) => Reflect.deleteProperty(bundle, name)),
  };

  await expect(built({ main: heavy(1) }, { plugins: [noEntry] })).rejects.toThrow(/the bundle has no entry/);
});

test('the page itself is within its budget and built in less than 30 s', async () => {
  const started = performance.now();

  await build({ root: join(import.meta.dirname, '..'), logLevel: 'silent', build: { write: false } });

  expect(performance.now() - started).toBeLessThan(30_000);
}, 60_000);
