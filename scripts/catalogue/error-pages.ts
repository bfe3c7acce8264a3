import type { ErrorText } from './errors.js';

type Errors = readonly (readonly [code: string, text: ErrorText])[];

const NOTE = '<!-- Generated from schemas/errors.json by `npm run generate`. Do not edit. -->\n';

const INDEX = `# Errors

Every error, refusal and reason of the fabric has a stable code. Each code has a page that says what has happened, where it
is met, why, and what to do. A running fabric serves the same pages at \`/errors\`: as a page for browsers, as JSON for
programs.

Over HTTP an error is a problem document (RFC 9457, \`application/problem+json\`). Its \`type\` is the address of the page:

    {
      "type": "/errors/cycle",
      "title": "Dependency cycle",
      "status": 422,
      "detail": "/jobs/0/after: a -> b -> a",
      "code": "cycle",
      "problems": [{ "code": "cycle", "path": "/jobs/0/after", "detail": "a -> b -> a" }]
    }

\`problems\` lists everything that is wrong, each with a JSON pointer to its place. \`turn\` is there when the refusal is
recorded in the journal, as \`InputRefused\`. The commands of \`marie\` say the same parts, and with \`--json\` as JSON on
stderr.

A status of – means that the code is never the answer to a request: it comes from a command, or stands at a job or a DAG.

| code | status | |
|---|---|---|
`;

/** docs/errors/: a page for each code and the list of them, as [file name, text]. */
export function errorPages(errors: Errors): (readonly [name: string, text: string])[] {
  return [['README.md', indexPage(errors)], ...errors.map(([code, text]) => [`${code}.md`, page(code, text)] as const)];
}

function indexPage(errors: Errors): string {
  const rows = errors.map(([code, { title, status }]) => `| [\`${code}\`](${code}.md) | ${shown(status)} | ${title} |`);
  return `${NOTE}${INDEX}${rows.join('\n')}\n`;
}

function page(code: string, { title, status, retry, what, where, why, todo }: ErrorText): string {
  const again = retry ? 'The same request may succeed later.' : 'The same request will not succeed without a change.';
  const answer = status === 0 ? [] : [`HTTP status ${status}. ${status < 300 ? '' : again}`.trimEnd()];
  const parts = [`# ${title}`, `\`${code}\``, ...answer];
  const sections = { What: what, Where: where, Why: why, 'What to do': todo };
  for (const [heading, text] of Object.entries(sections)) parts.push(`## ${heading}\n${text}`);
  return `${NOTE}${parts.join('\n\n')}\n\n[All codes](README.md)\n`;
}

function shown(status: number): string {
  return status === 0 ? '–' : String(status);
}
