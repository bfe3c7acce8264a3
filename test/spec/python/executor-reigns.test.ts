/** The Python executor under a fabric that came back: it goes on, or forgets what was granted in turns that are lost. */
import { expect, it } from 'vitest';
import { hasPython } from '../../support/fabric/python.js';
import {
  ANSWERS,
  callbacks,
  DISPATCH,
  runExecutor,
  say,
  startScriptedFabric,
} from '../../support/fabric/scripted-fabric.js';
import { type Answer, type ScriptedServer, type SeenRequest, send } from '../../support/scripted-server.js';

const [FIRST, SECOND] = ['main.1.0.1.1', 'main.1.1.1.2'];
const dispatch = (token: string, dagId: string) => ({ ...DISPATCH, token, dagId, turn: 12 });

/** Sleeps where the DAG says so; else it is over at once. */
const RUN = `
def run(job):
    while job.dag_id == "long":
        job.go_on()
        time.sleep(0.02)
    return job.dag_id
`;
const EXECUTOR = `${RUN}\nExecutor(sys.argv[1], "odd", "odd", run, slots=4).serve()\n`;

const registrations = ({ seen }: ScriptedServer): { held: { token: string }[] }[] =>
  seen.filter(({ path }) => path.endsWith('/register')).map(({ body }) => JSON.parse(body));
const heldAt = (fabric: ScriptedServer) => registrations(fabric).map(({ held }) => held.map(({ token }) => token));
const reportsOf = (fabric: ScriptedServer, token: string) =>
  callbacks(fabric).filter((one) => 'token' in one && one.token === token && 'output' in one);

/** A fabric whose turns are made by one reign after the other; `streams` is what each tells in its streams. */
async function startReigns(streams: readonly (readonly object[])[]) {
  const reign = { id: 'one', turn: 10 };
  const isOther = ({ query }: SeenRequest) => query.has('reign') && query.get('reign') !== reign.id;
  const unlessOther = (answer: Answer): Answer => {
    return (request, response, count) =>
      isOther(request) ? send(response, 409, { code: 'other-reign' }) : answer(request, response, count);
  };
  let breakStream = (): void => undefined;
  let before: number | null = null;
  const fabric = await startScriptedFabric({
    probe: (_, response) => {
      if (before === null) return send(response, 200, { messages: [] });
      return send(response, 409, { code: 'stale-incarnation', turn: before });
    },
    register: (_, response) =>
      send(response, 200, { executor: 1, sessionMs: 2_000, heartbeatMs: 500, turn: reign.turn, history: 'h', reign }),
    dispatches: unlessOther((_, response) => {
      say(response, ...(streams[reign.id === 'one' ? 0 : 1] ?? []));
      breakStream = () => response.destroy();
    }),
    callbacks: unlessOther(ANSWERS.callbacks),
  });
  /** With the reign that begins with a turn; at `known` it knows the process before this one. */
  const comeBack = (turn: number, isSilent: boolean, known: number | null = null): void => {
    before = known;
    Object.assign(reign, { id: 'two', turn });
    if (!isSilent) breakStream();
  };
  return { fabric, comeBack };
}

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython).each([
  ['begins before a turn that it knows: it forgets what it holds, and runs what has the same tokens', 12, true, false],
  ['begins after all that it knows: it goes on', 13, false, false],
  ['begins before a turn that it knows, behind a stream that is silent', 12, true, true],
  ['begins after all that it knows, behind a stream that is silent', 13, false, true],
])('whose fabric comes back with a reign that %s', async (_what, turn, isLost, isSilent) => {
  const again = [dispatch(FIRST, 'new'), dispatch(SECOND, 'new')];
  const { fabric, comeBack } = await startReigns([[dispatch(FIRST, 'done'), dispatch(SECOND, 'long')], again]);
  await runExecutor(fabric, EXECUTOR);
  await expect.poll(() => reportsOf(fabric, FIRST)).toHaveLength(1);
  await expect.poll(() => callbacks(fabric)).toContainEqual({ type: 'ack', token: SECOND });
  comeBack(turn, isSilent);
  // Long before a stream that is silent counts as broken.
  await expect.poll(() => heldAt(fabric)).toEqual(isLost ? [[], [SECOND], []] : [[], [SECOND]]);
  await expect.poll(() => reportsOf(fabric, FIRST)).toHaveLength(isLost ? 2 : 1);
  await expect.poll(() => reportsOf(fabric, SECOND)).toMatchObject(isLost ? [{ output: 'new' }] : []);
});

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)(
  'whose fabric was put back to before it came: it forgets what it holds, and registers',
  async () => {
    const { fabric, comeBack } = await startReigns([[dispatch(FIRST, 'long')], [dispatch(FIRST, 'new')]]);
    await runExecutor(fabric, EXECUTOR);
    await expect.poll(() => callbacks(fabric)).toContainEqual({ type: 'ack', token: FIRST });
    comeBack(5, false, 4);
    await expect.poll(() => heldAt(fabric)).toEqual([[], [FIRST], []]);
    await expect.poll(() => reportsOf(fabric, FIRST)).toMatchObject([{ output: 'new' }]);
  },
);

/** What goes on in other threads when an executor begins anew, in one. */
const MEANWHILE = `
import json
executor = Executor("http://127.0.0.1:9", "odd", "odd", None)
sender, heard = executor._sender, []


def put(_text):
    executor._begin_anew("meanwhile")
    return {"uri": "u", "sha256": "s", "bytes": 1}


def answered(callback, _answer):
    heard.append(callback["token"])
    executor._begin_anew("meanwhile")


executor._recovered, executor._link.put, sender._on_answer = {"lost": 1}, put, answered
executor._recover("lost", "x" * 300_000)
waits, old = not sender._waiting.empty(), sender._waiting
lines = [json.dumps({"type": "ack", "token": token}).encode() for token in ("first", "second")]
executor._link.read = lambda *_: b'{"accepted": true}\\n{"accepted": true}\\n'
sender._send(lines, old)
print(json.dumps({"waits": waits, "heard": heard, "sent": sender._send(lines, old)}))
`;

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('what belongs to lost turns is neither sent nor heard once it begins anew', async () => {
  const { fabric } = await startReigns([]);
  const executor = await runExecutor(fabric, MEANWHILE);
  expect(JSON.parse(await executor.line())).toEqual({ waits: false, heard: ['first'], sent: [[], 0] });
});
