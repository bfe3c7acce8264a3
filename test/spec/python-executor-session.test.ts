/** How the Python executor begins sessions, keeps them and leaves. */
import { expect, it } from 'vitest';
import { hasPython } from '../support/fabric/python.js';
import { ANSWERS, runExecutor, say, startScriptedFabric, TOKEN } from '../support/fabric/scripted-fabric.js';
import { type ScriptedServer, send } from '../support/scripted-server.js';

/** The bodies of the requests to one path, in order. */
const bodies = ({ seen }: ScriptedServer, end: string) =>
  seen.filter(({ path }) => path.endsWith(end)).map(({ body }) => JSON.parse(body));

const LONG = 'Executor(sys.argv[1], "odd", "odd", lambda job: time.sleep(3), slots=4).serve()\n';

// Skipped only where there is no python3 to run it; never in CI.
it.skipIf(!hasPython)('offers no slots where it has to register while it drains', async () => {
  const fabric = await startScriptedFabric({
    dispatches: (request, response, count) => {
      ANSWERS.dispatches(request, response, count);
      if (count > 0) return;
      say(response, { type: 'drain' });
      fabric.on('POST', /\/drain$/, (_, answer) => {
        send(answer, 200, {});
        say(response, { type: 'gone', code: 'unknown-executor' });
      });
    },
  });
  await runExecutor(fabric, LONG);
  await expect.poll(() => bodies(fabric, '/register').length).toBe(2);
  const held = [{ token: TOKEN, slots: 1 }];
  expect(bodies(fabric, '/register')).toMatchObject([
    { slots: 4, held: [] },
    { slots: 0, held },
  ]);
});
