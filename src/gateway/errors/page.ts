/** The pages of the error codes for people: plain HTML without scripts, from the same catalogue as docs/errors. */
import { ERRORS, type ErrorCode } from '../../catalogue/generated/errors.js';

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
a{color:#0b57d0}code{background:#eef1f4;padding:.1em .3em;border-radius:3px;overflow-wrap:anywhere}h2{font-size:1rem;margin:1.5rem 0 .2rem}
p{margin:.2rem 0}td,th{text-align:left;padding:.2rem 1rem .2rem 0;vertical-align:top}
@media(prefers-color-scheme:dark){body{background:#14171a;color:#e3e6e9}a{color:#8ab4f8}code{background:#262b30}}`;

/** The page of one code. */
export function codePage(code: ErrorCode): string {
  const { title, status, retry, what, where, why, todo } = ERRORS[code];
  const again = retry ? 'The same request may succeed later.' : 'The same request will not succeed without a change.';
  const answer = status === 0 ? '' : `<p>HTTP status ${status}. ${status < 300 ? '' : again}</p>`;
  const sections = Object.entries({ What: what, Where: where, Why: why, 'What to do': todo });
  const parts = sections.map(([heading, text]) => `<h2>${heading}</h2><p>${prose(text)}</p>`).join('\n');
  const head = `<h1>${escaped(title)}</h1>\n<p><code>${code}</code></p>${answer}`;
  return html(`${code}: ${title}`, `${head}\n${parts}\n<p><br><a href="/errors">All codes</a></p>`);
}

/** The list of all codes. */
export function codesPage(): string {
  const rows = Object.entries(ERRORS).map(([code, { title, status }]) => {
    const link = `<a href="/errors/${code}"><code>${code}</code></a>`;
    return `<tr><td>${link}</td><td>${status === 0 ? '–' : status}</td><td>${escaped(title)}</td></tr>`;
  });
  const head = '<tr><th>code</th><th>status</th><th>title</th></tr>';
  return html('Errors', `<h1>Errors</h1>\n<table>\n${head}\n${rows.join('\n')}\n</table>`);
}

function html(title: string, body: string): string {
  return [
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">',
    `<title>${escaped(title)}</title><style>${STYLE}</style></head>`,
    `<body><main>\n${body}\n</main></body></html>\n`,
  ].join('\n');
}

/** Text in which back quotes mark code. */
function prose(text: string): string {
  return escaped(text).replaceAll(/`([^`]+)`/gu, '<code>$1</code>');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
