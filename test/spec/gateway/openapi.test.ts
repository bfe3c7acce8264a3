import { afterAll, describe, expect, it } from 'vitest';
import { startGateway } from '../../support/gateway.js';

interface Api {
  readonly paths: Record<string, Record<string, { readonly responses: unknown }>>;
  readonly components: { readonly schemas: Record<string, unknown> };
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly maximum?: number;
  readonly format?: string;
  readonly enum?: unknown;
  readonly anyOf?: readonly Schema[];
}

const gateway = await startGateway();
afterAll(() => gateway.close());

/** The document; `wrong` tells which objects in it are returned beside it. */
async function openApi(wrong: (schema: Schema) => boolean = () => false): Promise<Api & { readonly found: unknown[] }> {
  const found: unknown[] = [];
  const api = JSON.parse(await (await fetch(`${gateway.url}/openapi.json`)).text(), (key, value: unknown) => {
    if (typeof value === 'object' && value !== null && wrong(value)) found.push([key, value]);
    return value;
  }) as Api;
  return { ...api, found };
}

const CLOSED = '"additionalProperties":false';

describe('the OpenAPI document, as generators of clients read it', () => {
  it('says of integers beyond 32 bits that they are, as an int of Java holds no moment', async () => {
    const { found } = await openApi(
      ({ type, maximum = 0, format }) =>
        [type].flat().includes('integer') && maximum > 2_147_483_647 && format !== 'int64',
    );
    expect(found).toEqual([]);
  });

  it('leaves answers open for fields to come, and requests closed', async () => {
    const { paths, components } = await openApi();
    for (const methods of Object.values(paths)) {
      for (const { responses } of Object.values(methods)) expect(JSON.stringify(responses)).not.toContain(CLOSED);
    }
    expect(JSON.stringify(components.schemas['Submitted'])).not.toContain(CLOSED);
    expect(JSON.stringify(components.schemas['SubmissionInput'])).toContain(CLOSED);
  });

  it('has no choice with null, but of names, and none with a list: classes are made of them that do not compile', async () => {
    const { found } = await openApi(
      ({ anyOf = [] }) =>
        anyOf.some(({ type }) => type === 'array') ||
        (anyOf.some(({ type }) => type === 'null') && anyOf.every((one) => one.enum === undefined)),
    );
    expect(found).toEqual([]);
  });

  it('names JSON first where lines are answered as well: a client returns what the first one is', async () => {
    const { found } = await openApi((schema) => {
      const [first, ...others] = Object.keys(schema);
      return first === 'application/x-ndjson' && others.includes('application/json');
    });
    expect(found).toEqual([]);
  });
});
