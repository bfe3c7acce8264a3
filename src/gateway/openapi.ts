/** The API page: OpenAPI 3.1 from the same zod schemas that validate, and its reader, served by this process. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { PROBLEM_TYPE } from '../edge/problems.js';
import { asyncApi } from './asyncapi.js';
import { forGenerators } from './client-schemas.js';
import type { App, GatewayOptions } from './deps.js';
import { problemSchema } from './routes/schemas.js';

const DESCRIPTION = [
  'Submit DAGs of jobs, watch them, control them; offer executors.',
  'Reads have a header Marie-Turn, and wait with the query atLeastTurn=N until turn N is in them.',
  'Errors are problem details (RFC 9457) with a stable code, a list of all problems and their JSON pointers.',
].join(' ');

/** How every route answers what it refuses. */
const PROBLEM = {
  description: 'Refused, or failed',
  content: { [PROBLEM_TYPE]: { schema: problemSchema } },
};

/** Marks an operation whose body may be left out: in the document of the swagger plug-in every body is required. */
const OPTIONAL_BODY = 'x-optional-body';

interface Operation {
  readonly requestBody?: { required: boolean };
  [OPTIONAL_BODY]?: boolean;
}

function withOptionalBodies(document: ReturnType<typeof jsonSchemaTransformObject>): typeof document {
  const paths = (document as { readonly paths?: Record<string, Record<string, Operation>> }).paths ?? {};
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    if (operation[OPTIONAL_BODY] !== true) continue;
    if (operation.requestBody !== undefined) operation.requestBody.required = false;
    delete operation[OPTIONAL_BODY];
  }
  return document;
}

/** The page without a bar of its library's own above it. */
const PAGE = {
  routePrefix: '/docs',
  theme: { title: 'Marie Execution Fabric: API' },
  uiConfig: { layout: 'BaseLayout' },
} as const;

/** Collects the routes that are registered from now on. */
export async function describeRoutes(app: App, cell: string, options: GatewayOptions): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Marie Execution Fabric', description: DESCRIPTION, version: options.version ?? '0.0.0' },
      tags: [
        { name: 'dags', description: 'Submissions, what became of them, and their controls' },
        { name: 'executors', description: 'The executor protocol' },
        { name: 'lifecycle', description: 'What happens, as it happens' },
        { name: 'cell', description: 'The cell, its classes, executors and limits' },
        { name: 'signals', description: 'How long things take, and how deadlines stand' },
        { name: 'blobs', description: 'Bytes by their digest' },
        { name: 'system', description: 'Health and metrics' },
      ],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => forGenerators(withOptionalBodies(jsonSchemaTransformObject(document))),
  });
  app.addHook('onRoute', ({ schema }) => {
    if (schema === undefined || schema.hide === true) return;
    schema.response = { ...(schema.response as object), default: PROBLEM };
    const { body } = schema as { readonly body?: z.ZodType };
    if (body?.safeParse(undefined).success) Object.assign(schema, { [OPTIONAL_BODY]: true });
  });
  await app.register(swaggerUi, PAGE);
  app.get('/asyncapi.json', { schema: { hide: true } }, (_request, reply) =>
    reply.send(asyncApi(cell, options.version ?? '0.0.0')),
  );
  app.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => reply.send(app.swagger()));
}
