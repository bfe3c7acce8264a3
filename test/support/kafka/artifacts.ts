/** Programs of other people that tests run: Java archives from Maven, fetched once and kept in node_modules/.cache. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { kafkaArchives as fetchArchives, KAFKA_VERSION, maven } from '../../../src/main/dev-kafka/archives.js';

const run = promisify(execFile);
const CACHE = join(projectFolder(), 'node_modules', '.cache', 'marie');

/** Where what was fetched is kept. */
export function cacheFolder(): string {
  mkdirSync(CACHE, { recursive: true });
  return CACHE;
}

/** The folder with Kafka's archives. */
export function kafkaArchives(): Promise<string> {
  return fetchArchives(CACHE);
}

/** Kafka's own tools for measuring, beside its archives: their classes are not in them. */
export async function kafkaTools(): Promise<string> {
  const folder = join(CACHE, `kafka-tools-${KAFKA_VERSION}`);
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, 'fetching-'));
  const artifact = `org.apache.kafka:kafka-tools:${KAFKA_VERSION}`;
  await maven(['dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${work}`], work);
  renameSync(work, folder);
  return folder;
}

/** The registry's release: a later one needs a newer Java. */
const REGISTRY = 'apicurio-registry-app';
const REGISTRY_VERSION = '2.6.13.Final';

/** The registry's program, an archive that Java runs. */
export async function registryArchive(): Promise<string> {
  const folder = join(CACHE, `${REGISTRY}-${REGISTRY_VERSION}`);
  const program = join(folder, `${REGISTRY}-${REGISTRY_VERSION}-runner.jar`);
  if (existsSync(program)) return program;
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, 'fetching-'));
  try {
    const artifact = `io.apicurio:${REGISTRY}:${REGISTRY_VERSION}:tar.gz:all`;
    await maven(['dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${work}`], work);
    mkdirSync(join(work, 'program'));
    const archive = join(work, `${REGISTRY}-${REGISTRY_VERSION}-all.tar.gz`);
    await run('tar', ['-xzf', archive, '-C', join(work, 'program')]);
    renameSync(join(work, 'program'), folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return program;
}

/** The folder with the lock file: the tests run from their sources, the benchmarks from what is compiled. */
export function projectFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package-lock.json'))) folder = dirname(folder);
  return folder;
}
