import { createHash } from 'node:crypto';
import { describe, expect } from 'vitest';
import { JobError } from '../../../src/executor/index.js';
import { type LogLine, quietLog } from '../../support/quiet-log.js';
import { gate, ID, it, startExecutor, startFake } from './setup.js';

describe('an executor runs jobs', () => {
  it('registers with what it offers', async ({ fake }) => {
    await startExecutor(fake, () => null, { labels: { zone: 'a' }, sessionMs: 9_000, slots: 3 });
    expect(fake.registrations).toHaveLength(1);
    expect(fake.registrations[0]).toMatchObject({ executor: ID, group: 'default', class: 'test', slots: 3, held: [] });
    expect(fake.registrations[0]).toMatchObject({ labels: { zone: 'a' }, sessionMs: 9_000 });
    expect(fake.registrations[0]?.incarnation).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('gives run() its inputs and identity, and reports its output', async ({ fake }) => {
    const calls: unknown[] = [];
    await startExecutor(fake, async (ctx, input) => {
      calls.push({ input, job: ctx.job });
      return { pages: 3 };
    });
    const token = fake.dispatch(ID, { dagId: 'd-7', job: 'split', attempt: 2, inputs: { pdf: { uri: 'x:1' } } });
    await fake.until(() => fake.terminals(token).length === 1);
    const job = { dagId: 'd-7', job: 'split', tenant: 'default', attempt: 2, token, timeoutMs: null };
    expect(calls).toEqual([{ input: { pdf: { uri: 'x:1' } }, job }]);
    expect(fake.terminals(token)[0]).toMatchObject({ type: 'complete', output: { pages: 3 } });
  });

  it('gives a child of a fan-out its item, index and count', async ({ fake }) => {
    await startExecutor(fake, (ctx, input) => ({ input, index: ctx.job.index, count: ctx.job.count }));
    const token = fake.dispatch(ID, { child: 2, childCount: 9, item: 'p2', inputs: { lang: 'en' } });
    await fake.until(() => fake.terminals(token).length === 1);
    const input = { lang: 'en', item: 'p2', index: 2, count: 9 };
    expect(fake.terminals(token)[0]).toMatchObject({ output: { input, index: 2, count: 9 } });
  });

  it('reports null for a run() that returns nothing', async ({ fake }) => {
    await startExecutor(fake, () => undefined);
    const token = fake.dispatch(ID);
    await fake.until(() => fake.terminals(token).length === 1);
    expect(fake.terminals(token)[0]).toMatchObject({ type: 'complete', output: null });
  });

  it('never runs more at once than it has slots, and counts jobs that need several', async ({ fake }) => {
    const gates = new Map<string, ReturnType<typeof gate>>();
    await startExecutor(
      fake,
      async (ctx) => {
        const own = gate();
        gates.set(ctx.job.job, own);
        await own.opened;
      },
      { slots: 3 },
    );
    fake.dispatch(ID, { job: 'a', slots: 2 });
    fake.dispatch(ID, { job: 'b', slots: 2 });
    fake.dispatch(ID, { job: 'c' });
    await fake.until(() => fake.callbacks.some((seen) => seen.type === 'ack'));
    expect([...gates.keys()]).toEqual(['a']);
    gates.get('a')?.open();
    await fake.until(
      () => fake.terminals().length === 1 && fake.callbacks.filter((c) => c.type === 'ack').length === 3,
    );
    expect([...gates.keys()]).toEqual(['a', 'b', 'c']);
    for (const { open } of gates.values()) open();
    await fake.until(() => fake.terminals().length === 3);
  });
});

/** The message of what can't be written as text. */
const WITHOUT_TEXT = 'what was thrown has no text';

function throwing(what: unknown): () => never {
  return () => {
    throw what;
  };
}

/** Lists in lists, so many in all. */
function nested(depth: number): unknown {
  return depth === 0 ? '[[{"' : [nested(depth - 1)];
}

describe('an executor reports failures', () => {
  const cases: [string, () => unknown, object][] = [
    [
      'a JobError with its code',
      () => {
        throw new JobError('bad-pdf', 'no pages', { retryable: false });
      },
      { type: 'fail', code: 'bad-pdf', message: 'no pages', retryable: false },
    ],
    [
      'any other error as executor-error',
      () => Promise.reject(new TypeError('x is not a function')),
      { type: 'fail', code: 'executor-error', message: 'x is not a function', retryable: true },
    ],
    [
      'a thrown text',
      () => {
        throw JSON.parse('"plain"');
      },
      { type: 'fail', code: 'executor-error', message: 'plain', retryable: true },
    ],
    ['an output that is no JSON', () => ({ n: 1n }), { type: 'fail', code: 'output-not-json', retryable: false }],
    [
      'an output that is nested too deep',
      () => nested(65),
      { type: 'fail', code: 'output-too-deep', retryable: false },
    ],
    [
      'a code that is cut within a character',
      throwing(new JobError(`${'x'.repeat(63)}😀`, 'odd', { retryable: false })),
      { type: 'fail', code: `${'x'.repeat(63)}\ufffd`, message: 'odd', retryable: false },
    ],
    [
      'a message too long, with half a character',
      () => {
        throw new JobError('x'.repeat(200), `\ud800${'é'.repeat(5_000)}`);
      },
      { type: 'fail', code: 'x'.repeat(64), message: `\ufffd${'é'.repeat(999)}` },
    ],
    [
      'a JobError without a code as executor-error',
      throwing(new JobError(undefined as never, 'unheard of', { retryable: false })),
      { type: 'fail', code: 'executor-error', message: 'unheard of', retryable: false },
    ],
    [
      'a JobError whose code is a number, as text',
      throwing(new JobError(404 as never, 'not there')),
      { type: 'fail', code: '404', message: 'not there', retryable: true },
    ],
    [
      'a JobError whose code is an object as executor-error',
      throwing(new JobError({ code: 'odd' } as never, 'odd')),
      { type: 'fail', code: 'executor-error', message: 'odd', retryable: true },
    ],
    [
      'an error whose message is an object',
      throwing(Object.assign(new Error(), { message: { reason: 'odd' } })),
      { type: 'fail', code: 'executor-error', message: '[object Object]' },
    ],
    ['nothing at all', throwing(undefined), { type: 'fail', code: 'executor-error', message: 'undefined' }],
    ['a thrown symbol', throwing(Symbol('odd')), { type: 'fail', code: 'executor-error', message: 'Symbol(odd)' }],
    [
      'an object that has no text',
      throwing(Object.create(null)),
      { type: 'fail', code: 'executor-error', message: WITHOUT_TEXT },
    ],
    [
      'an object that throws when it is asked for its text',
      throwing({ toString: throwing('no') }),
      { type: 'fail', code: 'executor-error', message: WITHOUT_TEXT },
    ],
    [
      'an error that throws when it is looked at',
      throwing(Object.defineProperty(new JobError('odd', ''), 'message', { get: throwing('no') })),
      { type: 'fail', code: 'odd', message: WITHOUT_TEXT },
    ],
  ];
  it.each(cases)('%s', async (_name, run, expected) => {
    const fake = await startFake();
    await startExecutor(fake, run);
    const token = fake.dispatch(ID);
    await fake.until(() => fake.terminals(token).length === 1);
    expect(fake.terminals(token)[0]).toMatchObject(expected);
  });

  it('also where its log throws at what was thrown, and has the slot back', async ({ fake }) => {
    const log = { ...quietLog(), child: () => log, warn: throwing('no') };
    await startExecutor(fake, throwing(new Error('of the job')), { slots: 1, log });
    for (const _time of [1, 2]) {
      const token = fake.dispatch(ID);
      await fake.until(() => fake.terminals(token).length === 1);
      expect(fake.terminals(token)[0]).toMatchObject({ type: 'fail', message: 'of the job' });
    }
  });

  it('counts units, and reports them also when it fails', async ({ fake }) => {
    await startExecutor(fake, ({ useUnits, job }) => {
      useUnits(5);
      useUnits(7);
      if (job.job === 'bad') throw new JobError('no', 'no');
    });
    const good = fake.dispatch(ID);
    const bad = fake.dispatch(ID, { job: 'bad' });
    await fake.until(() => fake.terminals().length === 2);
    expect(fake.terminals(good)[0]).toMatchObject({ type: 'complete', unitsUsed: 12 });
    expect(fake.terminals(bad)[0]).toMatchObject({ type: 'fail', unitsUsed: 12 });
  });

  it('counts as many units as the fabric does, and fails where they are more', async ({ fake }) => {
    await startExecutor(fake, ({ useUnits, job }) => {
      useUnits(2 ** 31 - 2);
      useUnits(job.job === 'more' ? 2 : 1);
    });
    const most = fake.dispatch(ID);
    const more = fake.dispatch(ID, { job: 'more' });
    await fake.until(() => fake.terminals().length === 2);
    expect(fake.terminals(most)[0]).toMatchObject({ type: 'complete', unitsUsed: 2 ** 31 - 1 });
    const message = '2147483648 units are more than an attempt can report, 2147483647';
    const refused = { type: 'fail', code: 'bad-units', message, retryable: false };
    expect(fake.terminals(more)[0]).toMatchObject({ ...refused, unitsUsed: 2 ** 31 - 2 });
  });

  it('fails an attempt whose output the fabric refuses, instead of leaving the job to hang', async ({ fake }) => {
    fake.answer = ({ type }) =>
      type === 'complete'
        ? { accepted: false, code: 'invalid-value', detail: 'too deep' }
        : { accepted: true, turn: 1 };
    await startExecutor(fake, () => 'x');
    const token = fake.dispatch(ID);
    await fake.until(() => fake.terminals(token).length === 2);
    expect(fake.terminals(token)[1]).toMatchObject({ type: 'fail', code: 'invalid-value', message: 'too deep' });
  });
});

describe('what an attempt has at hand', () => {
  it('stores an output of more than 256 KiB as a blob by itself', async ({ fake }) => {
    const large = { text: 'ü'.repeat(140_000) };
    await startExecutor(fake, () => large);
    const token = fake.dispatch(ID);
    await fake.until(() => fake.terminals(token).length === 1);
    const json = JSON.stringify(large);
    const sha256 = createHash('sha256').update(json).digest('hex');
    const seen = fake.terminals(token)[0];
    expect(seen).toMatchObject({ blob: { uri: `blob:sha256:${sha256}`, sha256, bytes: Buffer.byteLength(json) } });
    expect(seen).not.toHaveProperty('output');
    expect(fake.blobs.get(sha256)?.toString()).toBe(json);
  });

  it('completes with an output that is nested as deep as the fabric takes, and deeper in a blob', async ({ fake }) => {
    await startExecutor(fake, ({ job }) => (job.job === 'large' ? [nested(70), 'x'.repeat(300_000)] : nested(64)));
    const tokens = ['small', 'large'].map((job) => fake.dispatch(ID, { job }));
    await fake.until(() => fake.terminals().length === 2);
    const seen = tokens.map((token) => fake.terminals(token)[0]);
    expect(seen).toMatchObject([{ output: nested(64) }, { type: 'complete', blob: {} }]);
  });

  it('fetches an input that is such a blob, and takes nothing else for one', async ({ fake }) => {
    const json = JSON.stringify({ words: [1, 2] });
    const sha256 = createHash('sha256').update(json).digest('hex');
    fake.blobs.set(sha256, Buffer.from(json));
    const ref = { uri: `blob:sha256:${sha256}`, sha256, bytes: json.length };
    await startExecutor(fake, (_ctx, input) => input);
    const token = fake.dispatch(ID, {
      inputs: { large: { blob: ref }, part: { blob: ref, at: '/words/1' }, file: ref, own: { blob: ref, page: 1 } },
    });
    await fake.until(() => fake.terminals(token).length === 1);
    expect(fake.terminals(token)[0]?.output).toEqual({
      large: { words: [1, 2] },
      part: 2,
      file: ref,
      own: { blob: ref, page: 1 },
    });
  });

  it('fails with input-unavailable when such a blob is damaged', async ({ fake }) => {
    const sha256 = 'a'.repeat(64);
    fake.blobs.set(sha256, Buffer.from('something else'));
    await startExecutor(fake, () => null);
    const token = fake.dispatch(ID, { inputs: { x: { blob: { uri: `blob:sha256:${sha256}`, sha256, bytes: 3 } } } });
    await fake.until(() => fake.terminals(token).length === 1);
    expect(fake.terminals(token)[0]).toMatchObject({ type: 'fail', code: 'input-unavailable', retryable: true });
  });

  it('waits for blobs as long as the fabric is away: an outage costs no attempt', async ({ fake }) => {
    fake.blobsAway = 6;
    await startExecutor(fake, async ({ blobs }) => (await blobs.put('kept')).bytes);
    const token = fake.dispatch(ID);
    await fake.until(() => fake.terminals(token).length === 1);
    expect(fake.terminals(token)[0]).toMatchObject({ type: 'complete', output: 4 });
    expect(fake.blobsAway).toBe(0);
  });

  it('puts and gets blobs', async ({ fake }) => {
    await startExecutor(fake, async ({ blobs }) => {
      const ref = await blobs.put(Buffer.from([1, 2, 3]));
      return { ref, back: [...(await blobs.get(ref))] };
    });
    const token = fake.dispatch(ID);
    await fake.until(() => fake.terminals(token).length === 1);
    expect(fake.terminals(token)[0]?.output).toMatchObject({ back: [1, 2, 3], ref: { bytes: 3 } });
  });

  it('reads a collection page by page, with blobs, skipping what did not succeed', async ({ fake }) => {
    const json = '{"big":true}';
    const sha256 = createHash('sha256').update(json).digest('hex');
    fake.blobs.set(sha256, Buffer.from(json));
    const lines: { index: number; state: string; output?: unknown; blob?: unknown }[] = [];
    for (let index = 0; index < 2_500; index++) lines.push({ index, state: 'succeeded', output: index });
    lines[7] = { index: 7, state: 'failed', output: null };
    lines[8] = { index: 8, state: 'succeeded', blob: { uri: `blob:sha256:${sha256}`, sha256, bytes: json.length } };
    fake.children.set('d-1/page', lines);
    await startExecutor(fake, async (ctx, input) => {
      const outputs: unknown[] = [];
      for await (const output of ctx.collection(input.pages)) outputs.push(output);
      const states: string[] = [];
      for await (const { state } of ctx.collection('page').entries()) states.push(state);
      return {
        length: outputs.length,
        some: outputs.slice(5, 9),
        states: states.length,
        one: await ctx.collectionItem(input.pages, 2_400),
        none: await ctx.collectionItem(input.pages, 9_000),
        count: ctx.collection(input.pages).count,
      };
    });
    const token = fake.dispatch(ID, { inputs: { pages: { collection: { dagId: 'd-1', job: 'page', count: 2_500 } } } });
    await fake.until(() => fake.terminals(token).length === 1);
    const output = {
      length: 2_499,
      some: [5, 6, { big: true }, 9],
      states: 2_500,
      one: 2_400,
      none: null,
      count: 2_500,
    };
    expect(fake.terminals(token)[0]?.output).toEqual(output);
  });

  it('logs with the ids of its attempt', async ({ fake }) => {
    const lines: LogLine[] = [];
    await startExecutor(fake, ({ log }) => log.info({ page: 1 }, 'read'), { log: quietLog(lines) });
    const token = fake.dispatch(ID, { job: 'ocr', child: 4, childCount: 5, attempt: 3 });
    await fake.until(() => fake.terminals(token).length === 1);
    const bound = { executor: ID, class: 'test', dag: 'd-1', job: 'ocr', child: 4, attempt: 3, token };
    expect(lines).toContainEqual({ ...bound, level: 'info', message: 'read', page: 1 });
  });

  it('thins progress out, sends the latest, and none after the end', async ({ fake }) => {
    const more = gate();
    const end = gate();
    await startExecutor(fake, async ({ progress }) => {
      for (let i = 0; i <= 500; i++) progress(i / 1000);
      await more.opened;
      for (let i = 500; i <= 2_000; i++) progress(i / 1000, `at ${i}`);
      await end.opened;
    });
    const token = fake.dispatch(ID);
    const progress = () => fake.callbacks.filter((seen) => seen.type === 'progress' && seen.token === token);
    await fake.until(() => progress().length === 1);
    expect(progress()[0]?.permille).toBe(500);
    expect(progress()[0]).not.toHaveProperty('message');
    more.open();
    await fake.until(() => progress().length === 2);
    expect(progress()[1]).toMatchObject({ permille: 1_000, message: 'at 2000' });
    end.open();
    await fake.until(() => fake.terminals(token).length === 1);
    expect(progress()).toHaveLength(2);
  });
});
