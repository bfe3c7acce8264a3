/** One catalogue of codes: what the program says, the pages in docs/errors, and the pages that a fabric serves. */
import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { ERRORS, type ErrorCode } from '../../../src/catalogue/generated/errors.js';
import { Refusal } from '../../../src/edge/problems.js';
import { FateOpen, NotReady } from '../../../src/inbox/port.js';
import { KafkaFault } from '../../../src/kafka/fault.js';
import { REASONS } from '../../../src/kernel/reasons.js';
import { post, startGateway } from '../../support/gateway.js';

const CODES = Object.keys(ERRORS) as ErrorCode[];

const gateway = await startGateway();
afterAll(() => gateway.close());

describe('a code', () => {
  it('says on its page all that the catalogue says', () => {
    for (const code of CODES) {
      const page = readFileSync(new URL(`../../../docs/errors/${code}.md`, import.meta.url), 'utf8');
      const { title, what, where, why, todo } = ERRORS[code];
      for (const text of [code, title, what, where, why, todo]) expect(page, code).toContain(text);
    }
  });

  it('stands in the list of pages', () => {
    const list = readFileSync(new URL('../../../docs/errors/README.md', import.meta.url), 'utf8');
    for (const code of CODES) expect(list).toContain(`[\`${code}\`](${code}.md)`);
  });

  it('is there for every reason of a job', () => {
    for (const reason of REASONS) if (reason !== '') expect(ERRORS).toHaveProperty(reason);
  });
});

describe('the type of a problem', () => {
  it('leads to the page of its code', async () => {
    const { type } = (await (await fetch(`${gateway.url}/nowhere`)).json()) as { type: string };
    expect(await (await fetch(gateway.url + type)).json()).toEqual({ code: 'not-found', ...ERRORS['not-found'] });
  });

  it('does so for every code, as JSON for programs and as a page for browsers', async () => {
    for (const code of CODES) {
      const { type } = new Refusal(code, '').details;
      const json = await fetch(gateway.url + type);
      expect(await json.json()).toEqual({ code, ...ERRORS[code] });
      const page = await fetch(gateway.url + type, { headers: { accept: 'text/html,*/*;q=0.8' } });
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      const text = await page.text();
      expect(text).toContain(`<code>${code}</code>`);
      expect(text, 'nothing is loaded from elsewhere').not.toMatch(/https?:|<script|undefined/u);
    }
  });
});

describe('/errors', () => {
  it('lists the codes, in both forms', async () => {
    const list = (await (await fetch(`${gateway.url}/errors`)).json()) as { code: string }[];
    expect(list.map(({ code }) => code)).toEqual(CODES);
    const page = await (await fetch(`${gateway.url}/errors`, { headers: { accept: 'text/html' } })).text();
    for (const code of CODES) expect(page).toContain(`href="/errors/${code}"`);
  });

  it('has no page for what is no code', async () => {
    for (const code of ['constructor', '__proto__', 'nothing']) {
      expect((await fetch(`${gateway.url}/errors/${code}`)).status).toBe(404);
    }
  });
});

describe('the log', () => {
  it('has faults of the program with their place, and what has to wait for a leader only for who asks', async () => {
    const told: Record<string, unknown>[] = [];
    const write = (line: string) => void told.push(JSON.parse(line) as Record<string, unknown>);
    const logged = await startGateway(undefined, { logger: pino({ level: 'info' }, { write }) });
    try {
      const waiting = [new NotReady('it is starting'), new FateOpen('it has ended')];
      const away = new KafkaFault('kafka-unavailable', 'the journal is out of reach', false);
      const outcomes = [...waiting, away, new Error('a planted fault')];
      const answers: unknown[] = [];
      for (const outcome of outcomes) {
        logged.inbox.decide = () => outcome;
        const answer = await post(`${logged.url}/v1/dags/x/pause`, {});
        answers.push([answer.status, ((await answer.json()) as { code: string }).code]);
      }
      expect(answers).toEqual([
        [503, 'not-ready'],
        [503, 'fate-open'],
        [503, 'kafka-unavailable'],
        [500, 'internal'],
      ]);
      const requests = told.filter(({ reqId }) => reqId !== undefined);
      expect(requests.map(({ level, code }) => [level, code])).toEqual([
        [30, 'not-ready'],
        [30, 'fate-open'],
        [30, 'kafka-unavailable'],
        [50, 'internal'],
      ]);
      expect(requests[3]).toMatchObject({ err: { message: 'a planted fault', stack: expect.stringContaining('at ') } });
    } finally {
      await logged.close();
    }
  });

  it('tells why a stream is cut off as it tells why a request is refused', async () => {
    const told: Record<string, unknown>[] = [];
    const write = (line: string) => void told.push(JSON.parse(line) as Record<string, unknown>);
    const logged = await startGateway(undefined, { logger: pino({ level: 'info' }, { write }) });
    try {
      logged.outbox.publish(1, [{ code: Code.DagPaused, cause: -1, body: { dag: 1 } }]);
      for (const outcome of [new NotReady('it is catching up'), new Error('a planted fault')]) {
        let reads = 0;
        logged.records[Symbol.iterator] = () => {
          // Where the reader stopped is looked up before the head.
          if (reads++ > 0) throw outcome;
          return [].values();
        };
        const read = fetch(`${logged.url}/v1/lifecycle?lastEventId=main:1:0`).then((response) => response.text());
        await expect(read).rejects.toThrow();
      }
      const requests = told.filter(({ reqId }) => reqId !== undefined);
      expect(requests.map(({ level, code }) => [level, code])).toEqual([
        [30, 'not-ready'],
        [50, 'internal'],
      ]);
      expect(requests[0]).not.toHaveProperty('err');
    } finally {
      await logged.close();
    }
  });
});
