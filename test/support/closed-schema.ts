import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

type Node = Readonly<Record<string, unknown>>;

const compiled = new Map<string, (value: unknown) => string[]>();

/**
 * What is wrong with data by a published schema of the command line; a field that the schema doesn't describe is wrong
 * here, though readers have to allow it.
 */
export function problemsBySchema(name: string, value: unknown): string[] {
  const known = compiled.get(name);
  if (known !== undefined) return known(value);
  const url = new URL(`../../schemas/cli/${name}.json`, import.meta.url);
  const validate = new Ajv2020({ allErrors: true, strict: false }).compile(
    closed(JSON.parse(readFileSync(url, 'utf8'))),
  );
  const check = (given: unknown): string[] => {
    if (validate(given)) return [];
    return (validate.errors ?? []).map(({ instancePath, message, params }) => {
      return `${name} ${instancePath}: ${message} ${JSON.stringify(params)}`;
    });
  };
  compiled.set(name, check);
  return check(value);
}

/** A schema by which a field that it does not describe is wrong. */
export function closed(node: unknown): Node {
  if (typeof node !== 'object' || node === null) return node as unknown as Node;
  if (Array.isArray(node)) return node.map(closed) as unknown as Node;
  const inner = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  const isObject = 'properties' in inner && !('additionalProperties' in inner);
  return isObject ? { ...inner, additionalProperties: false } : inner;
}
