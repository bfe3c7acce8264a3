import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { SESSION_MAX_MS } from '../../src/edge/limits.js';
import { FLAT_CLASS, flatSubmission } from '../support/dags.js';
import { openLoop } from './open-loop.js';

const SLOTS = 4_096;
const NDJSON = { 'content-type': 'application/x-ndjson' };
const JSON_TYPE = { 'content-type': 'application/json' };
/** DAG ids and tokens in the lines of a dispatch stream; the fabric writes these fields in this order. */
const DISPATCH = /"token":"([^"]+)","tenant":"[^"]*","dagId":"([^"]+)"/;

/** What an open loop has seen. */
export interface Seen {
  /**
   * From the moment at which a submission was sent (of a batch: or was
   * due, if it was late) to the arrival of its dispatch, in ms.
   */
  readonly dispatchMs: readonly number[];
  /** The same to the answer that it is durable. */
  readonly answerMs: readonly number[];
  /** Submissions whose dispatch had not come a second after the end. */
  readonly missing: number;
}

/**
 * Submits and executes in one process and without the SDK, so that both ends of a latency are on one clock and nothing
 * but the protocol is measured.
 */
export class RawClient {
  readonly #pool: Pool;
  readonly #incarnation = randomUUID();
  readonly #executor = `raw-${process.pid}-${this.#incarnation.slice(0, 8)}`;
  readonly #stream = new AbortController();
  readonly #dueMs = new Map<string, number>();
  #dispatchMs: number[] = [];
  #answerMs: number[] = [];
  #done: string[] = [];
  #isReporting = false;
  #sent = 0;

  constructor(url: string) {
    this.#pool = new Pool(url, { connections: 64 });
  }

  /** Registers an executor and opens its dispatch stream. Nothing renews the session: it must last for the whole bench. */
  async open(): Promise<void> {
    const body = {
      incarnation: this.#incarnation,
      group: 'default',
      class: FLAT_CLASS,
      slots: SLOTS,
      labels: {},
      sessionMs: SESSION_MAX_MS,
      held: [],
    };
    await this.#post('register', JSON_TYPE, JSON.stringify(body));
    const answer = await this.#pool.request({
      method: 'GET',
      path: this.#path('dispatches', true),
      signal: this.#stream.signal,
      bodyTimeout: 0,
    });
    void this.#read(answer.body).catch(() => undefined);
  }

  /**
   * Submits so many DAGs of one job a second for so long, whether or not the fabric keeps up: what is late is not sent
   * later. At more than a thousand a second those of one millisecond go in one request.
   */
  async openLoop(perSecond: number, seconds: number): Promise<Seen> {
    this.#dispatchMs = [];
    this.#answerMs = [];
    const batch = Math.max(1, Math.ceil(perSecond / 1_000));
    await openLoop(perSecond, batch, seconds, (dueMs) => {
      void this.#submit(batch, dueMs).catch(() => undefined);
    });
    await sleep(1_000);
    const seen = { dispatchMs: this.#dispatchMs, answerMs: this.#answerMs, missing: this.#dueMs.size };
    this.#dueMs.clear();
    if (seen.dispatchMs.length === 0) throw new Error(`no dispatch came of ${seen.missing} submissions`);
    return seen;
  }

  async close(): Promise<void> {
    this.#stream.abort();
    await this.#pool.destroy();
  }

  async #submit(count: number, dueMs: number): Promise<void> {
    let body = '';
    // A time-out ends up to a ms early: what was sent before it was due is not counted from then on, or the answer may be
    // there "before" it. Batches that are late are counted from when they were due: what held them up counts.
    const nowMs = performance.now();
    const from = count === 1 ? nowMs : Math.min(dueMs, nowMs);
    for (let i = 0; i < count; i++) {
      const id = `${this.#executor}-${this.#sent++}`;
      this.#dueMs.set(id, from);
      body += `${JSON.stringify({ ...flatSubmission(id), idempotencyKey: id })}\n`;
    }
    const headers = count === 1 ? JSON_TYPE : NDJSON;
    const answer = await this.#pool.request({ method: 'POST', path: '/v1/dags', headers, body });
    await answer.body.dump({ limit: 1 << 24 });
    this.#answerMs.push(performance.now() - from);
  }

  async #read(stream: AsyncIterable<Uint8Array>): Promise<void> {
    let rest = '';
    for await (const chunk of stream) {
      const now = performance.now();
      const lines = (rest + Buffer.from(chunk).toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#take(line, now);
      this.#report();
    }
  }

  #take(line: string, now: number): void {
    const [, token, dagId] = DISPATCH.exec(line) ?? [];
    if (token === undefined || dagId === undefined) return;
    const from = this.#dueMs.get(dagId);
    this.#dueMs.delete(dagId);
    if (from !== undefined) this.#dispatchMs.push(now - from);
    this.#done.push(token);
  }

  /** Completes what was dispatched, one request at a time. */
  #report(): void {
    if (this.#isReporting || this.#done.length === 0) return;
    this.#isReporting = true;
    const body = this.#done.map((token) => `{"type":"complete","token":"${token}","output":null}\n`).join('');
    this.#done = [];
    const sent = this.#post('callbacks', NDJSON, body).catch(() => undefined);
    void sent.then(() => {
      this.#isReporting = false;
      this.#report();
    });
  }

  async #post(what: string, headers: Readonly<Record<string, string>>, body: string): Promise<void> {
    const path = this.#path(what, what === 'callbacks');
    const answer = await this.#pool.request({ method: 'POST', path, headers, body });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${path}: ${answer.statusCode} ${text.slice(0, 300)}`);
  }

  #path(what: string, hasIncarnation: boolean): string {
    const query = hasIncarnation ? `?incarnation=${this.#incarnation}` : '';
    return `/v1/executors/${this.#executor}/${what}${query}`;
  }
}
