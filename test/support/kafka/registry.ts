import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { LIGHT_JAVA } from '../../../src/main/dev-kafka/archives.js';
import { PATIENT_MS } from '../patience.js';
import { freePort } from '../ports.js';
import { registryArchive } from './artifacts.js';

const JVM = ['-Xmx128m', ...LIGHT_JAVA, '-Dquarkus.http.host=127.0.0.1'];

/** A schema registry in a process of its own; what it stores is gone with it. */
export interface TestRegistry {
  /** Address of its Confluent-compatible API. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a registry; it ends with the test. */
export async function startRegistry(): Promise<TestRegistry> {
  const program = await registryArchive();
  const port = await freePort();
  const child = spawn('java', [...JVM, `-Dquarkus.http.port=${port}`, '-jar', program], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(stop);
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  const end = Date.now() + PATIENT_MS;
  while (!(await answers(`${url}/subjects`))) {
    if (Date.now() > end) throw new Error(`no registry answers at ${url}`);
    await sleep(100);
  }
  return { url, stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
