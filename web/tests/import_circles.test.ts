// @vitest-environment node
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { circlesOf, importedNames, importsWithin } from './import_circles.ts';

test('no modules of the page import one another in a circle', () => {
  const imports = importsWithin(join(import.meta.dirname, '../src'));

  expect(imports.get('main.tsx')).toContain('app.tsx');
  expect(circlesOf(imports)).toEqual([]);
});

test('a circle is named by its modules', () => {
  const imports = new Map([
    ['main.ts', ['a.ts']],
    ['a.ts', ['b.ts', 'c.ts']],
    ['b.ts', ['c.ts']],
    ['c.ts', ['a.ts']],
  ]);

  const circles = circlesOf(imports);

  expect(circles).toEqual(['a.ts → b.ts → c.ts → a.ts']);
});

test('every way to import a module counts', () => {
  const source = `
    import { a } from './value.ts';
    import type { B } from './type.ts';
    import './effect.ts';
    export { c } from './passed_on.ts';
    export * from './all.ts';
    const later = <p>It’s "quoted" and \`ticked: {import('./later.ts')}</p>;
    type D = import('./type_in_place.ts').D;
    const text = './text.ts';
  `;

  const names = importedNames(source);

  expect(names).toEqual(
    ['value', 'type', 'effect', 'passed_on', 'all', 'later', 'type_in_place'].map((name) => `./${name}.ts`),
  );
});
