/** What the `type` of a problem leads to: the code's page for browsers, the same as JSON for programs. */
import { z } from 'zod';
import { ERRORS, isErrorCode } from '../../catalogue/generated/errors.js';
import { Refusal } from '../../edge/problems.js';
import type { App } from '../deps.js';
import { codePage, codesPage } from '../errors/page.js';
import { wantsPage } from '../http/wants-page.js';
import { errorInfoSchema } from './schemas.js';

const HTML = 'text/html; charset=utf-8';

export function errorRoutes(app: App): void {
  const tags = ['system'];
  const list = { summary: 'Every stable code', tags, response: { 200: either(z.array(errorInfoSchema)) } };
  app.get('/errors', { schema: list }, (request, reply) => {
    if (wantsPage(request)) reply.type(HTML).send(codesPage());
    else reply.send(Object.entries(ERRORS).map(([code, info]) => ({ code, ...info })));
  });
  const one = {
    summary: 'What a code means, where it is met, why, and what to do about it',
    tags,
    params: z.strictObject({ code: z.string().max(64) }),
    response: { 200: either(errorInfoSchema) },
  };
  app.get('/errors/:code', { schema: one }, (request, reply) => {
    const { code } = request.params;
    if (!isErrorCode(code)) throw new Refusal('not-found', `there is no code ${code}`);
    if (wantsPage(request)) reply.type(HTML).send(codePage(code));
    else reply.send({ code, ...ERRORS[code] });
  });
}

/** An answer in either form, for the API page. */
function either<S extends z.ZodType>(schema: S) {
  return {
    description: 'As JSON, or as a page for who accepts text/html',
    content: { 'application/json': { schema }, 'text/html': { schema: z.string() } },
  };
}
