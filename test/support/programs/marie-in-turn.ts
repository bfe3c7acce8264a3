/**
 * `marie` for many command lines, one after another: what they need is loaded once. Each line of stdin is a call,
 * `{ args, env }`; each line of stdout is how one has ended, `{ code, stdout, stderr }`.
 */
import { createInterface } from 'node:readline';
import { inspect } from 'node:util';

const MAIN = new URL('../../../src/cli/main.js', import.meta.url);
const answer = process.stdout.write.bind(process.stdout);
const said = { stdout: '', stderr: '' };
for (const stream of ['stdout', 'stderr'] as const) {
  process[stream].write = (chunk: Uint8Array | string): boolean => {
    said[stream] += chunk.toString();
    return true;
  };
}
// Each call listens for what ends a process of its own.
process.setMaxListeners(0);
process.stdout.setMaxListeners(0);
process.stderr.setMaxListeners(0);

let calls = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const { args, env } = JSON.parse(line) as { args: string[]; env: Record<string, string> };
  Object.assign(said, { stdout: '', stderr: '' });
  Object.assign(process.env, env);
  process.exitCode = undefined;
  process.argv.splice(2, process.argv.length, ...args);
  calls += 1;
  try {
    await import(`${MAIN}?${calls}`);
  } catch (error) {
    // What nobody caught ends a process, with this code.
    process.exitCode = 1;
    said.stderr += inspect(error);
  }
  answer(`${JSON.stringify({ code: process.exitCode, ...said })}\n`);
}
