import { readFileSync } from 'node:fs';
import { HEADER, quote, unionType } from './text.js';

/** A code as errors.json has it. */
export interface ErrorText {
  readonly title: string;
  readonly status: number;
  readonly retry: boolean;
  readonly what: string;
  readonly where: string;
  readonly why: string;
  readonly todo: string;
}

const PROSE = ['title', 'what', 'where', 'why', 'todo'] as const;

const INFO = `/** What is to be known about one stable code. */
export interface ErrorInfo {
  /** A few words, the same for every occurrence. */
  readonly title: string;
  /** The HTTP status with which the gateway answers; 0 for what never comes from it. */
  readonly status: number;
  /** Whether the same request may succeed later without a change. */
  readonly retry: boolean;
  /** What has happened. */
  readonly what: string;
  /** Where it is met: a part of an input, an address, a command. */
  readonly where: string;
  /** Why the fabric says so, or how it comes about. */
  readonly why: string;
  /** What to do about it. */
  readonly todo: string;
}
`;

function entry(code: string, text: ErrorText): string {
  const { title, status, retry } = text;
  const prose = (['what', 'where', 'why', 'todo'] as const).map((part) => `    ${part}: ${quote(text[part])},\n`);
  return [
    `  ${quote(code).match(/^'[a-z]+'$/) ? code : quote(code)}: {\n`,
    `    title: ${quote(title)},\n    status: ${status},\n    retry: ${retry},\n`,
    ...prose,
    '  },\n',
  ].join('');
}

/** Every stable code, checked: code -> what is to be known about it, in the order of the file. */
export function loadErrors(file: string): readonly (readonly [code: string, text: ErrorText])[] {
  const errors = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, ErrorText>);
  for (const [code, text] of errors) {
    const { status } = text;
    if (!/^[a-z]+(-[a-z]+)*$/.test(code)) throw new Error(`errors.json: ${code} is not in kebab case`);
    if (status !== 0 && !(status >= 200 && status < 600)) throw new Error(`errors.json: ${code} has no HTTP status`);
    for (const part of PROSE) if (!text[part]) throw new Error(`errors.json: ${code} doesn't say ${part}`);
  }
  return errors;
}

/** The text of errors.ts: every stable code of errors.json, and the table behind it. */
export function errorsFile(file: string): string {
  const errors = loadErrors(file);
  return [
    HEADER,
    '/** Every stable code of an error or a refusal (schemas/errors.json). */\n' +
      unionType(
        'ErrorCode',
        errors.map(([code]) => quote(code)),
      ),
    INFO,
    '/** What each code means, and what to do about it. */\n' +
      `export const ERRORS: Readonly<Record<ErrorCode, ErrorInfo>> = {\n${errors.map(([code, text]) => entry(code, text)).join('')}};\n`,
    `/** Whether it is one of the stable codes. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
`,
  ].join('\n');
}

/** The text of may-pass.ts: of the table only what clients ask, who need none of its words. */
export function mayPassFile(file: string): string {
  const codes = loadErrors(file).flatMap(([code, { retry }]) => (retry ? [`  ${quote(code)},\n`] : []));
  return [
    HEADER,
    `const PASSING: ReadonlySet<string> = new Set([\n${codes.join('')}]);\n`,
    `/** Whether a code is one of those that time may cure (schemas/errors.json): the same request may succeed later. */
export function mayPass(code: string): boolean {
  return PASSING.has(code);
}
`,
  ].join('\n');
}
