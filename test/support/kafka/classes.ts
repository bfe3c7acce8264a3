/**
 * Java's archive of the classes that a broker has loaded: with it each start takes two thirds of the processor time. Java
 * leaves aside an archive that is of other classes, or of another release of it.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { KAFKA_VERSION, LIGHT_JAVA } from '../../../src/main/dev-kafka/archives.js';
import { PATIENT_MS } from '../patience.js';
import { cacheFolder } from './artifacts.js';
import { type KafkaCluster, startCluster } from './cluster.js';

const run = promisify(execFile);
const OPTIONS = 'JDK_JAVA_OPTIONS';
const given = [...LIGHT_JAVA, process.env[OPTIONS] ?? ''].join(' ');

/**
 * Starts one broker, and has all that Java starts after it, tools of Kafka, too, be light and use the archive. Where there
 * is none yet, this broker makes it; where that fails, as without a JDK, there is none, and starts take longer.
 */
export async function startSharingClasses(): Promise<KafkaCluster> {
  const path = join(cacheFolder(), `kafka-${KAFKA_VERSION}.jsa`);
  const use = (option: string): void => {
    process.env[OPTIONS] = `${given} ${option}`;
  };
  // Java and jcmd part what they are given at blanks, which the path may have, unless they are quoted.
  const archive = `-XX:SharedArchiveFile=${JSON.stringify(path)}`;
  const isThere = existsSync(path);
  use(isThere ? archive : '-XX:+RecordDynamicDumpInfo');
  const cluster = await startCluster(1);
  if (!isThere) use((await makeArchive(cluster.brokers[0]!.pid, path)) ? archive : '');
  return cluster;
}

async function makeArchive(pid: number, path: string): Promise<boolean> {
  let work: string | null = null;
  try {
    work = mkdtempSync(join(cacheFolder(), 'making-'));
    const made = join(work, 'classes.jsa');
    await run('jcmd', [String(pid), 'VM.cds', 'dynamic_dump', JSON.stringify(made)], { timeout: PATIENT_MS });
    // Whole before it has its name: Java ends at a half one.
    renameSync(made, path);
    return true;
  } catch {
    return false;
  } finally {
    if (work !== null) rmSync(work, { recursive: true, force: true });
  }
}
