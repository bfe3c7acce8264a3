/** What an executor took from another history is not taken for this one's. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { History } from '../../../src/gateway/history.js';
import { JournalError } from '../../../src/journal/errors.js';
import type { JournalRecord } from '../../../src/journal/port.js';
import { type GatewayFixture, lines, post, startGateway } from '../../support/gateway.js';

const OURS = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);
const NDJSON = { 'content-type': 'application/x-ndjson' };
const SESSION = { executor: 9, class: 1, session: 1, untilMs: 1, resumed: false };

const record = (turn: number): JournalRecord => ({ turn, bytes: new Uint8Array(), hash: Buffer.from(OURS, 'hex') });

describe('an executor', () => {
  let gateway: GatewayFixture;
  let base: string;
  beforeEach(async () => {
    gateway = await startGateway();
    base = `${gateway.url}/v1/executors/e1`;
    gateway.records.push(record(1), record(2));
    gateway.inbox.decide = (input) =>
      input.code === Code.RegisterExecutor ? [{ code: Code.ExecutorRegistered, cause: 0, body: SESSION }] : [];
  });
  afterEach(() => gateway.close());

  const register = (more: object = {}) =>
    post(`${base}/register`, { incarnation: 'i1', class: 'ocr', slots: 1, ...more });
  const report = (history: string) =>
    post(`${base}/callbacks?incarnation=i1&history=${history}`, '{"type":"heartbeat"}', NDJSON);

  it('is told which history it is in, and may name it', async () => {
    expect(await (await register()).json()).toMatchObject({ history: OURS });
    expect((await register({ history: OURS })).status).toBe(200);
    expect(await lines(await report(OURS))).toMatchObject([{ accepted: true }]);
    expect(gateway.inbox.inputs).toHaveLength(3);
  });

  it('that names another one is refused, and nothing of it reaches the inbox', async () => {
    for (const answer of [await register({ history: OTHER }), await report(OTHER)]) {
      expect([answer.status, await answer.json()]).toMatchObject([409, { code: 'other-history' }]);
    }
    expect(gateway.inbox.inputs).toEqual([]);
    expect((await report('none')).status).toBe(422);
  });
});

describe('a history', () => {
  async function* read(records: readonly JournalRecord[]) {
    yield* records;
  }

  it('whose first turn is in an archive has no name, and takes everybody', async () => {
    let reads = 0;
    const gone = (turn: number) => {
      reads += 1;
      throw new JournalError('not-found', `turn ${turn} is before turn 5`);
    };
    const history = new History({ read: gone }, () => expect.unreachable());
    expect(await history.id()).toBeNull();
    await history.check(OTHER);
    expect(reads).toBe(1);
  });

  it('has none before its first turn, and then it has', async () => {
    const records: JournalRecord[] = [];
    const history = new History({ read: () => read(records) }, () => expect.unreachable());
    expect(await history.id()).toBeNull();
    records.push(record(1));
    expect(await history.id()).toBe(OURS);
  });

  it('whose first turn is damaged has none either, and says why', async () => {
    const damage = new Error('damaged');
    const told: unknown[] = [];
    const journal = {
      read: () => {
        throw damage;
      },
    };
    const history = new History(journal, (error) => told.push(error));
    expect(await history.id()).toBeNull();
    await history.check(OTHER);
    expect(told).toEqual([damage, damage]);
  });
});
