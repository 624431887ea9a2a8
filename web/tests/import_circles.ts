import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** What each module imports, by file name. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** Reads which modules of a folder import which others of it: for values, for types alone, now or later. */
export function importsWithin(folder: string): Imports {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
  return new Map(names.map((name) => [name, importedFiles(join(folder, name)).map((file) => relative(folder, file))]));
}

/** Returns the circles found, as `a.ts → b.ts → a.ts`; at least one where there is any. */
export function circlesOf(imports: Imports): string[] {
  const circles: string[] = [];
  const seen = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) {
      circles.push([...path.slice(path.indexOf(name)), name].join(' → '));
    } else if (!seen.has(name)) {
      seen.add(name);
      imports.get(name)?.forEach((imported) => visit(imported, [...path, name]));
    }
  };
  [...imports.keys()].forEach((name) => visit(name, []));
  return circles;
}

/** The names in a module's imports, as they are written there. */
export function importedNames(source: string): string[] {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && isImporting(node.parent)) {
      names.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('module.tsx', source, ts.ScriptTarget.Latest, true));
  return [...names];
}

function importedFiles(file: string): string[] {
  const options: ts.CompilerOptions = { moduleResolution: ts.ModuleResolutionKind.Bundler };
  return importedNames(readFileSync(file, 'utf8'))
    .filter((name) => name.startsWith('.'))
    .flatMap((name) => ts.resolveModuleName(name, file, options, ts.sys).resolvedModule?.resolvedFileName ?? []);
}

function isImporting(node: ts.Node): boolean {
  return (
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    (ts.isLiteralTypeNode(node) && ts.isImportTypeNode(node.parent) && node.parent.argument === node) ||
    (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
  );
}
