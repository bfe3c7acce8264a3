import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type Block, project } from './blocks.js';

/**
 * What a block may be. CONTRIBUTING.md tells it to who writes a page.
 *
 *     console          called by the tests: `$ ` begins a command, what follows is what it says
 *     ts               compiled by the tests
 *     json yaml python parsed by the tests
 *     text mermaid     shown only, and so is an indented block: no commands in these
 *
 * `file=NAME` saves the block in the page's folder, `terminal=NAME` plays it in another terminal, `tested-by=PATH`
 * names the test that runs it instead, `not-run="REASON"` says why nobody can.
 */
const LANGUAGES: ReadonlySet<string> = new Set([
  'console',
  'ts',
  'json',
  'yaml',
  'python',
  'ini',
  'dockerfile',
  'text',
  'mermaid',
]);
const ATTRIBUTES: ReadonlySet<string> = new Set(['file', 'terminal', 'exit', 'tested-by', 'not-run']);

/** Shown only. */
export function isShown({ language }: Block): boolean {
  return language === null || language === 'text' || language === 'mermaid';
}

/** To be called by who plays the page. */
export function isPlayed({ language, attributes }: Block): boolean {
  return language === 'console' && !attributes.has('not-run') && !attributes.has('tested-by');
}

const COMMAND = /^\s*(\$ |(npx|npm|marie|curl|docker|pip|sudo|systemctl) [a-z-])/m;

/** What is wrong with a block by itself; null if nothing is. */
export function problemOf(block: Block): string | null {
  const { language, attributes, text } = block;
  if (language !== null && !LANGUAGES.has(language)) return `unknown language "${language}"`;
  const unknown = [...attributes.keys()].find((name) => !ATTRIBUTES.has(name));
  if (unknown !== undefined) return `unknown attribute "${unknown}"`;
  if (attributes.has('not-run') && (attributes.get('not-run') ?? '').length < 10) return 'not-run says no reason';
  const test = attributes.get('tested-by');
  if (test !== undefined && !existsSync(join(project, test))) return `there is no test ${test}`;
  if (isShown(block)) return COMMAND.test(text) ? 'has a command that no test calls: make it a console block' : null;
  const goesOn = attributes.has('terminal');
  if (language === 'console') return goesOn || /^\$ /m.test(text) ? null : 'has no command: make it a text block';
  return syntaxProblem(block);
}

function syntaxProblem({ language, text }: Block): string | null {
  try {
    if (language === 'json') JSON.parse(text);
    if (language === 'yaml')
      for (const document of parseAllDocuments(text)) if (document.errors[0]) throw document.errors[0];
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return language === 'python' ? pythonProblem(text) : null;
}

function pythonProblem(text: string): string | null {
  const { error, status, stderr } = spawnSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], {
    input: text,
    encoding: 'utf8',
  });
  if (error !== undefined) return `python3 can not be called: ${error.message}`;
  return status === 0 ? null : (stderr.trim().split('\n').at(-1) ?? 'no Python');
}
