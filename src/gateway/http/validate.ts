/** Validation of requests by the zod schemas that also make the API page. */
import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { refusalOf } from '../../edge/problems.js';
import { problemsOf } from '../../edge/submission/problems.js';

/** Refuses a request with everything that is wrong in the part of it that is looked at first. */
export const validateByZod: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (data: unknown) => {
    // Headers are checked where they are read: most requests have none of ours.
    if (httpPart === 'headers') return { value: data };
    const result = schema.safeParse(data);
    if (result.success) return { value: result.data };
    const prefix = httpPart === 'body' || httpPart === undefined ? '' : `/${httpPart}`;
    const problems = problemsOf(result.error, data).map((one) => ({ ...one, path: prefix + one.path }));
    return { error: refusalOf(problems) };
  };

/** The same, but the body is left to the route: its schema is only for the API page. */
export const validateAllButBody: FastifySchemaCompiler<z.ZodType> = (part) =>
  part.httpPart === 'body' ? (data: unknown) => ({ value: data }) : validateByZod(part);
