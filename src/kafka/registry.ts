/** The schemas of the catalogue in a Confluent-compatible registry, one subject for each input and event. */
import type { SchemaType } from '@kafkajs/confluent-schema-registry';
import { wholeSchema } from '../catalogue/avro.js';
import { CODE_NAMES, nameOf } from '../catalogue/generated/codes.js';
import type { ErrorCode } from '../catalogue/generated/errors.js';
import type { SchemaIds } from './framing.js';

/** How a registry is reached. */
export interface RegistryConnection {
  /** Address of its Confluent-compatible API. */
  readonly url: string;
  readonly auth?: { readonly username: string; readonly password: string };
}

/** The codes with which asking a registry fails. */
type RegistryFaultCode = Extract<ErrorCode, 'registry-unavailable' | 'registry-refused'>;

/** What asking a registry came to that failed. */
export class RegistryFault extends Error {
  override readonly name = 'RegistryFault';
  constructor(
    readonly code: RegistryFaultCode,
    message: string,
    cause: unknown,
    /** Whether the registry says that it has no such schema: numbers of before are none of it. */
    readonly isUnknown: boolean,
  ) {
    super(message, { cause });
  }
}

/** Requests that are under way at once. */
const AT_ONCE = 8;
/** How long an answer may take, in ms: who is silent for longer is away. */
const ANSWER_MS = 10_000;
/** Numbers are written in four bytes. */
const LARGEST = 2 ** 32 - 1;
/** Answers of a registry that refuse; the client says 400 where there was none. */
const REFUSALS = new Set([401, 403, 404, 409, 422]);
const RETRY = { retries: 2, initialRetryTimeInSecs: 0.1, maxRetryTimeInSecs: 1, factor: 0.2, multiplier: 2 };

/** How many schemas a registry is to have. */
export const SCHEMA_COUNT = CODE_NAMES.size;

/** The subject of an input or event: the full name of its record. */
export function subjectOf(code: number): string {
  return `marie.v1.${nameOf(code)}`;
}

/**
 * Registers every schema; one that is there keeps its number. A subject takes only what can read all of its earlier
 * versions. Throws `RegistryFault`: `registry-refused` names the subject.
 */
export async function registerSchemas(connection: RegistryConnection): Promise<SchemaIds> {
  const { registry, types, COMPATIBILITY } = await open(connection);
  return eachCode(async (code) => {
    const options = { subject: subjectOf(code), compatibility: COMPATIBILITY.BACKWARD_TRANSITIVE };
    return (await registry.register(schemaOf(code, types.AVRO), options)).id;
  });
}

/** The numbers of schemas that are registered. Throws `RegistryFault`. */
export async function findSchemas(connection: RegistryConnection): Promise<SchemaIds> {
  const { registry, types } = await open(connection);
  return eachCode((code) => registry.getRegistryIdBySchema(subjectOf(code), schemaOf(code, types.AVRO)));
}

/** As the client takes it. */
function schemaOf(code: number, type: SchemaType.AVRO) {
  return { type, schema: JSON.stringify(wholeSchema(nameOf(code))) };
}

/** The client is loaded when it is needed: most cells have no registry, and it brings parsers of three languages. */
async function open({ url, auth }: RegistryConnection) {
  const client = await import('@kafkajs/confluent-schema-registry');
  return {
    registry: new client.SchemaRegistry({
      host: url,
      clientId: 'marie',
      retry: RETRY,
      middlewares: [() => ({ prepareRequest: async (next) => (await next()).enhance({ timeout: ANSWER_MS }) })],
      ...(auth === undefined ? {} : { auth }),
    }),
    types: client.SchemaType,
    COMPATIBILITY: client.COMPATIBILITY,
  };
}

async function eachCode(ask: (code: number) => Promise<number>): Promise<SchemaIds> {
  const codes = [...CODE_NAMES.keys()];
  const ids = new Map<number, number>();
  const next = async (): Promise<void> => {
    for (let code = codes.shift(); code !== undefined; code = codes.shift()) {
      try {
        ids.set(code, checked(await ask(code)));
      } catch (error) {
        throw faultOf(error, subjectOf(code));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  return ids;
}

/** What is no registry may answer anything, and well. */
function checked(id: number): number {
  if (Number.isInteger(id) && id >= 0 && id <= LARGEST) return id;
  throw new Error('the answer has no number of a schema');
}

function faultOf(error: unknown, subject: string): RegistryFault {
  const { name, status = 0, message } = error as { name?: string; status?: number; message?: string };
  // The client's own errors speak of answers: a schema that isn't there, one that is not compatible.
  const isAnswer = name?.startsWith('ConfluentSchemaRegistry') === true;
  // Of a page, such as that of a proxy which finds no registry, the client tells the status.
  const isUnknown = isAnswer && message?.includes('Error, status ') === false;
  const code = isAnswer || REFUSALS.has(status) ? 'registry-refused' : 'registry-unavailable';
  return new RegistryFault(code, `${subject}: ${message}`, error, isUnknown);
}
