/** Apache Kafka's archives, fetched once from where Maven fetches. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The release of Apache Kafka that is run. */
export const KAFKA_VERSION = '4.4.0';

const run = promisify(execFile);

/** For Java that has little to do, or is soon over: one quick compiler, and one thread that collects. */
export const LIGHT_JAVA = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'] as const;

/** Runs Maven, which says nothing but errors. Who has options for its Java has them alone: two collectors end it. */
export async function maven(goal: readonly string[], cwd: string): Promise<void> {
  const { MAVEN_OPTS = LIGHT_JAVA.join(' ') } = process.env;
  await run('mvn', ['-q', '-B', ...goal], { cwd, env: { ...process.env, MAVEN_OPTS } });
}

/** Why brokers can't be started here, or null. */
export async function whyNoKafka(): Promise<string | null> {
  for (const [program, option] of [
    ['java', '-version'],
    ['mvn', '--version'],
  ] as const) {
    try {
      await run(program, [option]);
    } catch {
      return `there is no ${program} on this machine`;
    }
  }
  return null;
}

/** The folder with Kafka's archives. Fetched into a folder of its own and renamed, so that two runs never mix. */
export async function kafkaArchives(cache: string): Promise<string> {
  const folder = join(cache, `kafka-${KAFKA_VERSION}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'fetching-'));
  try {
    writeFileSync(join(work, 'pom.xml'), POM);
    const goal = ['dependency:copy-dependencies', '-DoutputDirectory=lib', '-DincludeScope=runtime'];
    await maven(goal, work);
    try {
      renameSync(join(work, 'lib'), folder);
    } catch (error) {
      // Somebody else was faster.
      if (!existsSync(folder)) throw error;
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return folder;
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>marie</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA_VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;
