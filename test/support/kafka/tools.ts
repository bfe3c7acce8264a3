/** What Kafka's own tools say and do. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { vi } from 'vitest';
import { PATIENT } from '../patience.js';
import { kafkaArchives, kafkaTools } from './artifacts.js';

const run = promisify(execFile);

/** Runs one of Kafka's tools; gives what it says. */
export async function kafkaTool(name: string, args: readonly string[]): Promise<string> {
  const classes = [join(await kafkaArchives(), '*'), join(await kafkaTools(), '*')].join(':');
  const { stdout } = await run('java', ['-Xmx256m', '-cp', classes, `org.apache.kafka.tools.${name}`, ...args]);
  return stdout;
}

/** The id of the controller that leads the others, as soon as there is one. */
export function activeController(bootstrap: string): Promise<number> {
  return vi.waitFor(() => leadingController(bootstrap), PATIENT);
}

async function leadingController(bootstrap: string): Promise<number> {
  const said = await kafkaTool('MetadataQuorumCommand', ['--bootstrap-server', bootstrap, 'describe', '--status']);
  const [, id] = /LeaderId:\s+(\d+)/.exec(said) ?? [];
  if (id === undefined) throw new Error(`the tool said: ${said}`);
  return Number(id);
}
