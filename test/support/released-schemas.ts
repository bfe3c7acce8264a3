/** Whether what releases wrote can be read by the catalogue as it is: BACKWARD_TRANSITIVE, as a registry checks it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import avsc from 'avsc';

/** An input or event of the catalogue. */
export interface Subject {
  readonly code: number;
  readonly subject: string;
  readonly schema: object;
}

/** What a release has written. */
export interface Release {
  readonly release: string;
  readonly schemas: readonly Subject[];
}

const FOLDER = join(import.meta.dirname, '..', '..', 'schemas', 'released');

/** Every release whose schemas are kept. */
export function releases(): readonly Release[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  return files.map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Release);
}

/** What of a release the current catalogue can't read, and why. */
export function incompatible({ release, schemas }: Release, current: readonly Subject[]): readonly string[] {
  const byName = new Map(current.map((subject) => [subject.subject, subject]));
  return schemas.flatMap(({ code, subject, schema }) => {
    const now = byName.get(subject);
    if (now === undefined) return [`${release}: ${subject} is gone`];
    if (now.code !== code) return [`${release}: ${subject} had the number ${code}, and has ${now.code}`];
    const problem = whyNot(now.schema, schema);
    return problem === null ? [] : [`${release}: ${subject}: ${problem}`];
  });
}

/** Why a reader of one schema can't read what was written by another; null if it can. */
function whyNot(reader: object, writer: object): string | null {
  try {
    typeOf(reader).createResolver(typeOf(writer));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function typeOf(schema: object): avsc.Type {
  return avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: true });
}
