/**
 * Tests import the sources, and run what was compiled from them: it is what is shipped, Node loads it without Vite, and it
 * is faster, as a name that is imported costs nothing there and a look-up in what Vite makes of a module.
 */
import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Plugin } from 'vitest/config';

/** What is compiled, of tsconfig.build.json. */
const COMPILED = /^(src|replay|examples|bench)\//;

/** Modules that Vite leaves to Node. */
const LEFT_TO_NODE = /\/dist\/(src|replay|examples|bench)\//;

/** Finds the compiled module of each source; not where the build failed, nor while somebody changes sources and watches. */
export function compiledModules(root: string): Plugin {
  const stamp = join(root, 'dist', '.built.json');
  let isWatched = false;
  return {
    name: 'compiled-modules',
    enforce: 'pre',
    config: () => ({ test: { server: { deps: { external: [LEFT_TO_NODE] } } } }),
    configureVitest({ vitest }) {
      isWatched = vitest.config.watch;
    },
    resolveId(source, importer) {
      if (isWatched || importer === undefined || !/^\.\.?\/.*\.js$/.test(source)) return null;
      const path = relative(root, join(dirname(importer), source)).replaceAll(sep, '/');
      if (!COMPILED.test(path) || !existsSync(stamp)) return null;
      const file = join(root, 'dist', path);
      return existsSync(file) ? { id: file, external: true } : null;
    },
  };
}
