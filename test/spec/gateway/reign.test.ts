/** What an executor took in another reign is not taken for this one's: turns may be lost between the two. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayFixture, lines, post, startGateway } from '../../support/gateway.js';

const NDJSON = { 'content-type': 'application/x-ndjson' };

describe('a gateway', () => {
  let gateway: GatewayFixture;
  beforeEach(async () => {
    gateway = await startGateway();
  });
  afterEach(() => gateway.close());

  const report = (reign: string) =>
    post(`${gateway.url}/v1/executors/e1/callbacks?incarnation=i1${reign}`, '{"type":"heartbeat"}', NDJSON);
  const listen = (reign: string) => fetch(`${gateway.url}/v1/executors/e1/dispatches?incarnation=i1${reign}`);

  it('takes callbacks of those that name its reign, or none', async () => {
    gateway.reign = { id: 'two', turn: 13 };
    for (const reign of ['', '&reign=two'])
      expect(await lines(await report(reign))).toMatchObject([{ accepted: true }]);
  });

  it('refuses callbacks and streams of those that name another one', async () => {
    gateway.reign = { id: 'two', turn: 13 };
    for (const answer of [await report('&reign=one'), await listen('&reign=one')]) {
      expect([answer.status, await answer.json()]).toMatchObject([409, { code: 'other-reign' }]);
    }
    expect(gateway.inbox.inputs).toEqual([]);
    expect(await (await listen('&reign=two')).json()).toMatchObject({ code: 'unknown-executor' });
  });

  it('takes everybody where its reign has no name', async () => {
    expect(await lines(await report('&reign=one'))).toMatchObject([{ accepted: true }]);
  });
});
