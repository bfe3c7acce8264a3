/**
 * What the cell's topics carry, as an AsyncAPI document: made from the catalogue, so it can't say anything else. A
 * cell without brokers has no topics, and tells the same entries as server-sent events.
 */
import { CODE_NAMES, isInputCode, nameOf, type Topic, topicOf } from '../catalogue/generated/codes.js';
import { SCHEMAS } from '../catalogue/generated/schemas.js';

/** How schemas are written; what they are of is binary. */
const AVRO_SCHEMA = 'application/vnd.apache.avro+json;version=1.9.0';

/** What each topic is about; the journal and the timings hold no entries of their own. */
const ABOUT: Readonly<Record<Topic | 'journal' | 'timings', string>> = {
  submissions: 'DAGs to run. Anybody who may write to it submits.',
  callbacks: 'What executors report: registrations, heartbeats, acknowledgements, outcomes.',
  controls: 'What operators ask for.',
  leases: 'Who owns which job, from grant to release.',
  slots: 'Slots taken, reclaiming, free again.',
  dispatches: 'Jobs on their way to executors, with why each was chosen.',
  lifecycle: 'What becomes of DAGs, jobs and executors.',
  refusals: 'Inputs that were not carried out, with everything that is wrong with them.',
  journal: 'One record for each turn, in one total order: the only source of truth.',
  timings: 'When each turn was taken, planned, appended and published; outside of the chain.',
};

/** What topics carry beside entries. */
const BESIDE: Readonly<Partial<Record<keyof typeof ABOUT, readonly string[]>>> = {
  journal: ['Turn'],
  timings: ['TurnTimings'],
  dispatches: ['Dispatch'],
};

interface Avro {
  readonly type?: unknown;
  readonly name?: string;
  readonly namespace?: string;
}

/** The document for a cell. */
export function asyncApi(cell: string, version: string): object {
  const topics = Object.keys(ABOUT) as (keyof typeof ABOUT)[];
  const codes = [...CODE_NAMES.keys()];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Marie Execution Fabric: topics of a cell',
      version,
      description:
        'Topics of a cell on a broker. An embedded fabric has none: GET /v1/lifecycle?topics=… tells the same entries as server-sent events. The id of an entry is (cell, turn, index), the same wherever it is read; a Dispatch has that of its JobDispatched. Avro records are binary: entries with the head of the single-object encoding or of the Confluent wire format (events where the cell has a registry, inputs as their sender likes); a Turn without any.',
    },
    defaultContentType: 'application/avro',
    channels: Object.fromEntries(topics.map((topic) => [topic, channel(cell, topic, codes)])),
    operations: Object.fromEntries(topics.map((topic) => [operationName(topic), operation(topic)])),
    components: { messages: messages(codes) },
  };
}

function isForInputs(topic: string): boolean {
  return topic === 'submissions' || topic === 'callbacks' || topic === 'controls';
}

function channel(cell: string, topic: keyof typeof ABOUT, codes: readonly number[]): object {
  const names = [...namesOn(topic, codes), ...(BESIDE[topic] ?? [])];
  return {
    address: `marie.${cell}.${topic}`,
    description: ABOUT[topic],
    messages: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
  };
}

function namesOn(topic: string, codes: readonly number[]): string[] {
  return codes.filter((code) => topicOf(code) === topic).map(nameOf);
}

function operationName(topic: string): string {
  return `${isForInputs(topic) ? 'send' : 'read'}${topic[0]!.toUpperCase()}${topic.slice(1)}`;
}

/** From the side of whoever uses the fabric. */
function operation(topic: string): object {
  return { action: isForInputs(topic) ? 'send' : 'receive', channel: { $ref: `#/channels/${topic}` } };
}

function messages(codes: readonly number[]): object {
  const found: Record<string, object> = {
    Turn: { name: 'Turn', contentType: 'application/vnd.marie.turn+avro', payload: avro('Turn') },
    TurnTimings: { name: 'TurnTimings', contentType: 'application/json', payload: TIMINGS },
    Dispatch: { name: 'Dispatch', contentType: 'application/json', payload: DISPATCH },
  };
  for (const code of codes) {
    const name = nameOf(code);
    const kind = isInputCode(code) ? 'input' : 'event';
    found[name] = { name, title: `${name} (${kind} ${code})`, payload: avro(name) };
  }
  return found;
}

const at = (description: string): object => ({
  type: 'number',
  description: `${description}, in ms since the Unix epoch, with fractions`,
});

const TIMINGS = {
  type: 'object',
  required: ['turn', 'takenAt', 'planned', 'appended', 'published', 'planMs'],
  properties: {
    turn: { type: 'integer' },
    takenAt: at('When its inputs were taken'),
    planned: at('When it was computed'),
    appended: at('When it was durable'),
    published: at('When its projections had been given out'),
    planMs: { type: 'number', description: 'How long the planning in it took, in ms' },
  },
};

const DISPATCH = {
  type: 'object',
  description: 'A dispatch, resolved, as the stream of dispatches of the HTTP API has it: docs/executor-protocol.md.',
};

function avro(name: string): object {
  return { schemaFormat: AVRO_SCHEMA, schema: whole(name) };
}

const BY_NAME = new Map(SCHEMAS.map((schema) => [fullName(schema as Avro), schema]));

function fullName({ name, namespace }: Avro): string {
  return `${namespace}.${name}`;
}

/** A schema that stands for itself: each type that it names is written out where it is named first. */
function whole(name: string): unknown {
  const seen = new Set<string>();
  const expand = (part: unknown): unknown => {
    if (typeof part === 'string') {
      const known = BY_NAME.get(part);
      if (known === undefined || seen.has(part)) return part;
      seen.add(part);
      return expand(known);
    }
    if (Array.isArray(part)) return part.map(expand);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, value]) => [
        key,
        key === 'type' || key === 'items' || key === 'fields' ? expand(value) : value,
      ]),
    );
  };
  return expand(`marie.v1.${name}`);
}
