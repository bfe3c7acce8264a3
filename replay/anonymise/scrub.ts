/** What of an entry tells who it was about, or what they wrote, and what stands in its place. */
import { createHmac } from 'node:crypto';
import { encodeBody } from '../../src/catalogue/codec.js';
import { bodyDigest } from '../../src/catalogue/digest.js';
import { Code } from '../../src/catalogue/generated/codes.js';
import type { AnyEntry, BlobRef, InputEntry, JobSpec, Pair, SubmitDag } from '../../src/catalogue/generated/types.js';
import { lowerBound } from '../../src/catalogue/lower-bound.js';
import { changedJson } from './exact-json.js';

/** Characters of a hash that stand for a name: enough that no two names of a journal share one. */
const HASH_CHARACTERS = 12;

/**
 * Replaces names by keyed hashes, the same name always by the same one, and drops what people wrote. Shapes of DAGs,
 * ids of jobs, classes, groups, signals, codes of failures, numbers and times stay; strings inside of JSON become
 * hashes too, equal and in order where they were to a condition, so that all of these still come to the same.
 */
export class Scrub {
  /** `compared`: the texts that conditions compare others with by their order, in that order. */
  constructor(
    private readonly key: Uint8Array,
    private readonly compared: readonly string[],
  ) {}

  /** An entry without what is private. */
  entry(entry: AnyEntry): AnyEntry {
    if (entry.code === Code.SnapshotTaken)
      return { ...entry, body: { ...entry.body, uri: this.#name(entry.body.uri) } };
    return 'envelope' in entry ? this.#input(entry) : withoutReason(withoutDetails(entry));
  }

  /** What stands for a name; nothing stands for nothing. */
  #name(text: string): string {
    if (text === '') return '';
    return createHmac('sha256', this.key).update(text).digest('hex').slice(0, HASH_CHARACTERS);
  }

  /**
   * What stands for a text in JSON. It begins with the place of the text among those that are compared, odd for one of
   * them, so that each text comes before and after the same ones of them as it did.
   */
  #text(text: string): string {
    const { compared } = this;
    if (text === '' || compared.length === 0) return this.#name(text);
    const at = lowerBound(0, compared.length, (index) => compared[index]! < text);
    const place = 2 * at + (compared[at] === text ? 1 : 0);
    return String(place).padStart(String(2 * compared.length).length, '0') + this.#name(text);
  }

  #input({ code, envelope, body }: InputEntry): InputEntry {
    const scrubbed = this.#body(code, body);
    const digest = bodyDigest(encodeBody(code, scrubbed as never));
    const { inputId, receivedAtMs } = envelope;
    const own = { inputId: this.#name(inputId), receivedAtMs, principal: null, traceparent: null, digest };
    return { code, envelope: own, body: scrubbed } as InputEntry;
  }

  #body(code: InputEntry['code'], body: InputEntry['body']): InputEntry['body'] {
    if (code === Code.SubmitDag) return this.#submission(body as SubmitDag);
    const fields = Object.entries(body).map(([field, value]) => [field, this.#field(field, value)]);
    return Object.fromEntries(fields);
  }

  /** Fields have the same meaning in every input. */
  #field(field: string, value: unknown): unknown {
    if (value === null) return null;
    switch (field) {
      case 'tenant':
      case 'dagId':
      case 'executor':
      case 'incarnation':
      case 'uri':
        return this.#name(value as string);
      case 'message':
      case 'detail':
        return '';
      case 'reason':
        return reasonFor(value as string);
      case 'head':
        return new Uint8Array(0);
      case 'output':
        return this.#json(value as Uint8Array);
      case 'blob':
        return this.#blob(value as BlobRef);
      case 'labels':
        return this.#labels(value as readonly Pair[]);
      default:
        return value;
    }
  }

  #submission(body: SubmitDag): SubmitDag {
    return {
      ...body,
      dagId: this.#name(body.dagId),
      idempotencyKey: this.#name(body.idempotencyKey),
      tenant: this.#name(body.tenant),
      name: this.#name(body.name),
      template: body.template === null ? null : this.#name(body.template),
      labels: this.#labels(body.labels),
      jobs: body.jobs.map((job) => this.#job(job)),
    };
  }

  /** Inputs with a fixed value go whole: nothing that the planner does depends on them. */
  #job(job: JobSpec): JobSpec {
    return {
      ...job,
      when: job.when === null ? null : this.#when(job.when),
      inputs: job.inputs.filter(({ from }) => from !== null),
    };
  }

  #labels(labels: readonly Pair[]): readonly Pair[] {
    return labels
      .map(({ name, value }) => ({ name: this.#name(name), value: this.#name(value) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #blob(blob: BlobRef): BlobRef {
    return { ...blob, uri: this.#name(blob.uri), sha256: new Uint8Array(32) };
  }

  /** JSON with hashes for its strings; its shape, keys and numbers stay. */
  #json(bytes: Uint8Array): Uint8Array {
    return changedJson(bytes, (value, isNumber) => this.#strings(value, isNumber));
  }

  /** In a condition only the values that are compared with are what somebody wrote. */
  #when(bytes: Uint8Array): Uint8Array {
    return changedJson(bytes, (condition, isNumber) => {
      const change = (value: unknown): unknown => {
        if (Array.isArray(value)) return value.map(change);
        if (typeof value !== 'object' || value === null) return value;
        const fields = Object.entries(value).map(([key, inner]) => [
          key,
          key === 'value' ? this.#strings(inner, isNumber) : change(inner),
        ]);
        return Object.fromEntries(fields);
      };
      return change(condition);
    });
  }

  #strings(value: unknown, isNumber: (text: string) => boolean): unknown {
    if (typeof value === 'string') return isNumber(value) ? value : this.#text(value);
    if (Array.isArray(value)) return value.map((inner) => this.#strings(inner, isNumber));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.#strings(inner, isNumber)]));
  }
}

/** What stands for a reason that somebody gave; who cancels a DAG without one has the kernel say that it is cancelled. */
function reasonFor(text: string): string {
  return text === '' || text === 'cancelled' ? text : 'returned';
}

/** The end of a DAG that was cancelled gives the reason for that as its code. */
function withoutReason(entry: AnyEntry): AnyEntry {
  if (entry.code !== Code.DagEnding || entry.body.outcome !== 'cancelled') return entry;
  return { ...entry, body: { ...entry.body, code: reasonFor(entry.body.code) } };
}

/** Whether it says in words what is wrong with an input. */
export function isRefusal({ code, body }: AnyEntry): boolean {
  return code === Code.InputRefused || (code === Code.DuplicateInput && body.refused !== null);
}

/** An entry without the words that say what is wrong with an input, or was with the first one of it: they may quote it. */
export function withoutDetails(entry: AnyEntry): AnyEntry {
  if (entry.code === Code.InputRefused) {
    const problems = entry.body.problems.map((problem) => ({ ...problem, detail: '' }));
    return { ...entry, body: { ...entry.body, problems } };
  }
  if (entry.code === Code.DuplicateInput && entry.body.refused !== null) {
    return { ...entry, body: { ...entry.body, refused: { ...entry.body.refused, detail: '' } } };
  }
  return entry;
}
