// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROUTES } from '../src/routes.ts';

const SOURCES = join(import.meta.dirname, '../src');
const NAMED = Object.values(ROUTES).filter((route) => route !== ROUTES.menu);
// A slash alone may be any text; as an address it is linked, gone to or compared with.
const WRITTEN = new RegExp(`['"\`](?:${NAMED.join('|')})\\b|(?:href=|route\\(|[!=]== )['"\`]/['"\`]`);

test('the addresses of the page’s parts are written in one place', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf-8' }).filter((name) => /\.tsx?$/.test(name));

  const found = files.filter((name) => WRITTEN.test(readFileSync(join(SOURCES, name), 'utf-8')));

  expect(found).toEqual(['routes.ts']);
});

test.each(['href="/"', "route('/')", "path === '/'", "'/orders'", '`/orders/${id}`', '"/sign-in"'])(
  '%s is such an address',
  (source) => {
    expect(source).toMatch(WRITTEN);
  },
);
