import { posix } from 'node:path';
import { type Finding, lineAt, parse, type Source } from './source.js';

interface PublicName {
  readonly source: Source;
  readonly name: string;
  readonly start: number;
}

/** Names that an index.ts of src/ exports, wherever they are declared, without a docstring at the declaration. */
export function undocumentedExports(sources: readonly Source[]): Finding[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const findings = new Set<Finding>();
  for (const source of sources) {
    if (!/^src\/.*\bindex\.ts$/.test(source.path)) continue;
    for (const found of publicNames(source, '*', byPath)) {
      if (hasDocstring(found)) continue;
      findings.add(`${found.source.path}:${lineAt(found.source.text, found.start)}: ${found.name} has no docstring`);
    }
  }
  return [...findings];
}

/** Declarations behind the exported `wanted` (a name, or '*' for all) of a file, following re-exports. */
function publicNames(source: Source, wanted: string, byPath: ReadonlyMap<string, Source>): PublicName[] {
  const found: PublicName[] = [];
  for (const statement of parse(source).module.staticExports) {
    for (const { exportName, importName, localName, moduleRequest } of statement.entries) {
      const name = exportName.name;
      const star = importName.kind === 'AllButDefault';
      if (wanted !== '*' && !star && name !== wanted) continue;
      if (moduleRequest === null) {
        const imported = importedFrom(source, localName.name ?? '', byPath);
        found.push(...(imported ?? [{ source, name: name ?? 'default', start: statement.start }]));
        continue;
      }
      const target = byPath.get(targetOf(source.path, moduleRequest.value));
      if (target === undefined || target.path.startsWith('src/catalogue/generated/')) continue; // a library's, generated
      const inner = star ? wanted : (importName.name ?? '*');
      found.push(...publicNames(target, inner, byPath));
    }
  }
  return found;
}

/** `import { x } from './y.js'; export { x };` leads to y. */
function importedFrom(source: Source, local: string, byPath: ReadonlyMap<string, Source>): PublicName[] | undefined {
  for (const statement of parse(source).module.staticImports) {
    const entry = statement.entries.find(({ localName }) => localName.value === local);
    if (entry === undefined) continue;
    const target = byPath.get(targetOf(source.path, statement.moduleRequest.value));
    return target === undefined ? [] : publicNames(target, entry.importName.name ?? '*', byPath);
  }
  return undefined;
}

function targetOf(from: string, request: string): string {
  return posix.join(posix.dirname(from), request).replace(/\.js$/, '.ts');
}

/** Is there a docstring directly before the declaration? Overloads and `export { x }` after it look there too. */
function hasDocstring({ source, name, start }: PublicName): boolean {
  const { comments } = parse(source);
  const declared = source.text.search(new RegExp(`\\b(function|class|interface|type|const|let|enum)\\s+${name}\\b`));
  return [start, declared].some((position) =>
    comments.some(
      ({ type, value, end }) =>
        type === 'Block' &&
        value.startsWith('*') &&
        /^\s*((export|declare|async|abstract|default)\s+)*$/.test(source.text.slice(end, Math.max(end, position))),
    ),
  );
}
