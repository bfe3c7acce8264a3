import type { Node } from 'oxc-parser';
import { Visitor } from 'oxc-parser';
import { at, type Finding, isCode, isProgram, lineAt, matches, parse, type Source } from './source.js';

/** A file is one idea: usually under 150 lines, never more than this. */
const FILE_LINES_MAX = 400;
/** A function fits on a page. */
const FUNCTION_LINES_MAX = 70;
/** A formatter breaks what is longer than 120 columns, but no comment. */
const COMMENT_COLUMNS_MAX = 125;

/** Files written by hand that are longer than a reader's patience. */
export function longFiles(source: Source): Finding[] {
  if (!isCode(source) && !/^scripts\/.*\.mjs$/.test(source.path)) return [];
  const lines = source.text.trimEnd().split('\n').length;
  return lines > FILE_LINES_MAX ? [`${source.path}: ${lines} lines, more than ${FILE_LINES_MAX}`] : [];
}

/** Comments that are wider than a page is. */
export function wideComments(source: Source): Finding[] {
  if (!isCode(source)) return [];
  return source.text.split('\n').flatMap((line, i) => {
    const isWide = line.length > COMMENT_COLUMNS_MAX && /^ *(\/\*\*|\/\/|\*) /u.test(line);
    return isWide
      ? [`${source.path}:${i + 1}: a comment of ${line.length} columns, more than ${COMMENT_COLUMNS_MAX}`]
      : [];
  });
}

/** Functions of the program (not the callbacks of `describe`) that don't fit on a page. */
export function longFunctions(source: Source): Finding[] {
  if (!isProgram(source)) return [];
  const findings: Finding[] = [];
  const check = (node: Node): void => {
    const lines = lineAt(source.text, node.end) - lineAt(source.text, node.start) + 1;
    if (lines > FUNCTION_LINES_MAX) {
      findings.push(at(source, node.start, `a function of ${lines} lines, more than ${FUNCTION_LINES_MAX}`));
    }
  };
  new Visitor({ FunctionDeclaration: check, FunctionExpression: check, ArrowFunctionExpression: check }).visit(
    parse(source).program,
  );
  return findings;
}

/** Work that is only announced; this file and its test name the words that they look for. */
export function announcedWork(source: Source): Finding[] {
  if (isCheck(source) || source.path === 'package-lock.json') return [];
  return matches(source, /\b(TODO|FIXME|XXX|HACK)\b/g, (word) => `${word}: do it, or file an issue`);
}

/** Paths that exist on one machine only. */
export function machinePaths(source: Source): Finding[] {
  if (isCheck(source) || source.path === 'package-lock.json') return [];
  return matches(
    source,
    /(?<![\w.$}/-])\/(work|home|root|Users)\/[\w.-]+/g,
    (path) => `${path} is a path of one machine`,
  );
}

/** The lock file names no registry: whoever installs chooses theirs. */
export function registryHosts(source: Source): Finding[] {
  if (source.path !== 'package-lock.json') return [];
  return matches(source, /"resolved": *"https?:[^"]*"/g, (entry) => `${entry} names a registry`);
}

/** A test that is left out says why, on its line or the one above; no test is run alone. */
export function silentSkips(source: Source): Finding[] {
  if (!source.path.startsWith('test/') || isCheck(source)) return [];
  const lines = source.text.split('\n');
  return lines.flatMap((line, index) => {
    const where = `${source.path}:${index + 1}`;
    if (/\b(it|test|describe)\.only\b/.test(line)) return [`${where}: .only leaves every other test out`];
    const leftOut = /\b(it|test|describe)\.(skip|skipIf|runIf|todo)\b/.test(line);
    const explained = /\/\/ \w/.test(line) || /^\s*(\/\/|\*)/.test(lines[index - 1] ?? '');
    return leftOut && !explained ? [`${where}: a test is left out without a comment that says why`] : [];
  });
}

/** vitest only runs `test/<kind>/**.test.ts`: a file that looks like a test elsewhere would never run. */
export function strayTests(source: Source): Finding[] {
  const known = /^test\/(architecture|spec|contract|property|simulation|integration|e2e)\/.*\.test\.ts$/;
  const looksLikeATest = /\.(test|spec)\.[cm]?[jt]sx?$/.test(source.path);
  return looksLikeATest && !known.test(source.path) ? [`${source.path}: no vitest project runs this file`] : [];
}

function isCheck({ path }: Source): boolean {
  return path.startsWith('test/architecture/');
}
