/**
 * What zod says in a way that generators of clients take for something else. An integer has 32 bits for them unless its
 * format says more; a choice with null becomes a class of its own, which doesn't compile in Java; and an answer that is
 * closed is not read any more by an older client once a field is added to it.
 */
import { INT_MAX } from '../edge/limits.js';

interface Schema {
  type?: unknown;
  maximum?: number;
  format?: string;
  anyOf?: Schema[];
  oneOf?: Schema[];
  enum?: unknown[];
}

/** A schema of the document, whose parts are changed already. */
function plainly(schema: Schema): Schema {
  if (schema.type === 'integer' && (schema.maximum ?? 0) > INT_MAX) schema.format = 'int64';
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return schema;
  const [one, none] = anyOf as [Schema, Schema];
  if (none.type !== 'null') return schema;
  if (one.oneOf !== undefined) return { ...one, ...rest, oneOf: [...one.oneOf, none] };
  return typeof one.type === 'string' && one.enum === undefined
    ? { ...one, ...rest, type: [one.type, 'null'] }
    : schema;
}

/** Fields may be added to it. */
function open(schemas: unknown): unknown {
  return JSON.parse(JSON.stringify(schemas), (key, value: unknown) =>
    key === 'additionalProperties' && value === false ? undefined : value,
  );
}

/** Of the plug-in the schemas of requests end so in their names. */
const REQUEST = /Input$/u;

/** The OpenAPI document as generators of clients read it rightly; the one that is given stays as it is. */
export function forGenerators<Document extends object>(document: Document): Document {
  return JSON.parse(JSON.stringify(document), (key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if (key === 'responses') return open(value);
    if (key !== 'schemas') return plainly(value);
    return Object.fromEntries(
      Object.entries(value).map(([name, schema]) => [name, REQUEST.test(name) ? schema : open(schema)]),
    );
  });
}
