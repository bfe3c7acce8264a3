/** Of all schemas that are our own. */
export const NAMESPACE = 'marie.v1';

/**
 * Avro's parsing canonical form of a schema (Avro 1.12): what matters to a reader, and nothing else. Docs, defaults and
 * logical types are left out, and keys come in an order of their own.
 */
export function canonicalForm(schema: unknown, namespace = NAMESPACE): string {
  return JSON.stringify(canonical(schema, namespace));
}

function canonical(node: unknown, namespace: string): unknown {
  if (typeof node === 'string') return node;
  if (Array.isArray(node)) return node.map((one) => canonical(one, namespace));
  const { name, type, fields, symbols, items, size } = node as Record<string, unknown>;
  if (name === undefined && items === undefined && typeof type === 'string') return type;
  return {
    ...(name === undefined ? {} : { name: `${namespace}.${String(name)}` }),
    type: canonical(type, namespace),
    ...(fields === undefined ? {} : { fields: (fields as object[]).map((field) => canonicalField(field, namespace)) }),
    ...(symbols === undefined ? {} : { symbols }),
    ...(items === undefined ? {} : { items: canonical(items, namespace) }),
    ...(size === undefined ? {} : { size }),
  };
}

function canonicalField(field: object, namespace: string): unknown {
  const { name, type } = field as Record<string, unknown>;
  return { name, type: canonical(type, namespace) };
}
