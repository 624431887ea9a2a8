// Writes the API's types, src/api/schema.d.ts, from schema.graphql; with --check says whether they are current.
import { readFileSync, writeFileSync } from 'node:fs';
import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal';
import { buildSchema, introspectionFromSchema } from 'graphql';

const at = (path: string): URL => new URL(path, import.meta.url);
const OUTPUT = at('../src/api/schema.d.ts');
const PREAMBLE = '/* Made from schema.graphql by build/schema.ts. */\n';

function types(): string {
  const sdl = ['appsync.graphql', '../../schema.graphql'].map((path) => readFileSync(at(path), 'utf8'));
  const introspection = minifyIntrospection(introspectionFromSchema(buildSchema(sdl.join('\n'))));
  return outputIntrospectionFile(introspection, { fileType: '.d.ts', shouldPreprocess: true, preamble: PREAMBLE });
}

if (!process.argv.includes('--check')) {
  writeFileSync(OUTPUT, types());
} else if (readFileSync(OUTPUT, 'utf8') !== types()) {
  console.error('web/src/api/schema.d.ts is not what schema.graphql says: run make web');
  process.exit(1);
}
