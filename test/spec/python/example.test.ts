/** The Python example needs what its page says, and nothing else. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { hasPython } from '../../support/fabric/python.js';

const CHECK = `
import ast, sys
for path in sys.argv[1:]:
    tree = ast.parse(open(path, encoding="utf-8").read(), path, feature_version=(3, 9))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module]
        else:
            continue
        for name in names:
            if name.split(".")[0] not in sys.stdlib_module_names:
                print(path, name)
`;

const folder = 'examples/python/';
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.py'));

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('is Python 3.9, and imports the standard library and itself only', () => {
  const printed = execFileSync('python3', ['-W', 'error', '-c', CHECK, ...files.map((path) => folder + path)], {
    encoding: 'utf8',
  });
  expect(files.length).toBeGreaterThan(6);
  expect(printed.trim().split('\n')).toEqual([`${folder}documents.py marie_executor`]);
});
