import type { CallExpression, MemberExpression, Node } from 'oxc-parser';
import { Visitor } from 'oxc-parser';
import { at, type Finding, parse, type Source } from './source.js';

/** Where the shell may reach the clock, timers, randomness and the process: adapters and what composes them. */
const OUTSIDE_ALLOWED =
  /^(src\/(main|cli|executor|client|kafka)\/|src\/[^/]+\/adapters\/|src\/journal\/(files|kafka)\/|src\/store\/rocksdb\/|src\/blobs\/directory\.ts|src\/(inbox|outbox)\/kafka\/)/;

const OUTSIDE_CALLS: Readonly<Record<string, string>> = {
  'Date.now': 'time comes through the clock port',
  'performance.now': 'time comes through the clock port',
  'process.hrtime': 'time comes through the clock port',
  'process.hrtime.bigint': 'time comes through the clock port',
  'Math.random': 'randomness comes through its port',
  'crypto.randomUUID': 'randomness comes through its port',
  'crypto.randomBytes': 'randomness comes through its port',
  'crypto.getRandomValues': 'randomness comes through its port',
  randomUUID: 'randomness comes through its port',
  randomBytes: 'randomness comes through its port',
  setTimeout: 'timers come through the clock port',
  setInterval: 'timers come through the clock port',
  'process.exit': 'only main and cli end the process',
};

const KERNEL_CALLS: Readonly<Record<string, string>> = {
  'JSON.parse': 'JSON numbers become doubles: use src/kernel/json',
  setTimeout: 'timers are rows',
};

/** Functions of Math that stay exact on integers. */
const EXACT_MATH = new Set(['abs', 'ceil', 'clz32', 'floor', 'imul', 'max', 'min', 'sign', 'trunc']);

/** Calls that reach outside, in a folder that is no adapter. */
export function outsideCalls(source: Source): Finding[] {
  if (!source.path.startsWith('src/') || OUTSIDE_ALLOWED.test(source.path)) return [];
  const findings: Finding[] = [];
  const check = (node: CallExpression): void => {
    const reason = OUTSIDE_CALLS[nameOf(node.callee)];
    if (reason !== undefined) findings.push(at(source, node.start, `${nameOf(node.callee)}: ${reason}`));
  };
  new Visitor({
    CallExpression: check,
    NewExpression(node) {
      if (nameOf(node.callee) === 'Date' && node.arguments.length === 0) {
        findings.push(at(source, node.start, 'new Date(): time comes through the clock port'));
      }
    },
  }).visit(parse(source).program);
  return findings;
}

/** What makes the kernel less than a calculation on integers: awaiting, floats, accidental orders. */
export function kernelPurity(source: Source): Finding[] {
  if (!source.path.startsWith('src/kernel/')) return [];
  const findings: Finding[] = [];
  const add = (node: Node, message: string): void => void findings.push(at(source, node.start, message));
  const exact = new Set<Node>();
  new Visitor({
    CallExpression(node) {
      const name = nameOf(node.callee);
      const reason = KERNEL_CALLS[name];
      if (reason !== undefined) add(node, `${name}: ${reason}`);
      const [object, method = ''] = name.split('.');
      if (object === 'Math' && !EXACT_MATH.has(method)) add(node, `${name}: not exact on integers`);
      if (name === 'Math.floor' || name === 'Math.trunc' || name === 'Math.ceil') markExact(node.arguments[0], exact);
      if (name.endsWith('.sort') && node.arguments.length === 0) add(node, 'sort() without a comparison');
    },
    BinaryExpression(node) {
      if (['|', '>>', '>>>', '&'].includes(node.operator)) markExact(node.left, exact);
      if (node.operator === '/' && !exact.has(node)) add(node, 'division outside Math.floor, ceil or trunc');
    },
    AssignmentExpression(node) {
      if (node.operator === '/=') add(node, 'division outside Math.floor, ceil or trunc');
    },
    Literal(node) {
      if (typeof node.value === 'number' && !Number.isInteger(node.value)) add(node, `${node.value} is no integer`);
    },
    AwaitExpression: (node) => add(node, 'the kernel never awaits'),
    ForInStatement: (node) => add(node, 'for … in: the order of keys must not decide anything'),
    TSImportType: (node) => add(node, "import('…') as a type hides a dependency: use import type"),
  }).visit(parse(source).program);
  return findings;
}

function markExact(node: Node | undefined, exact: Set<Node>): void {
  if (node?.type === 'BinaryExpression' && node.operator === '/') exact.add(node);
}

/** `a.b.c` of a callee as written; '?' where a part isn't a plain name. */
function nameOf(node: Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'MemberExpression') return memberName(node);
  return '?';
}

function memberName(node: MemberExpression): string {
  const object = nameOf(node.object).replace(/^globalThis\.?/, '');
  const property = !node.computed && node.property.type === 'Identifier' ? node.property.name : '?';
  return object === '' ? property : `${object}.${property}`;
}
