import { describe, expect, it } from 'vitest';
import { wholeSchema } from '../../src/catalogue/avro.js';
import { CODE_NAMES, nameOf } from '../../src/catalogue/generated/codes.js';
import { subjectOf } from '../../src/kafka/registry.js';
import { incompatible, releases, type Subject } from '../support/released-schemas.js';

const CURRENT: readonly Subject[] = [...CODE_NAMES.keys()].map((code) => ({
  code,
  subject: subjectOf(code),
  schema: wholeSchema(nameOf(code)) as object,
}));

it('reads everything that a release has written', () => {
  expect(releases().length).toBeGreaterThan(0);
  expect(releases().flatMap((release) => incompatible(release, CURRENT))).toEqual([]);
});

interface Field {
  readonly name: string;
  readonly type: unknown;
  readonly default?: unknown;
}

/** The catalogue with other fields in one event. */
function changed(change: (fields: readonly Field[]) => readonly Field[]): readonly Subject[] {
  return CURRENT.map((subject) => {
    if (subject.subject !== 'marie.v1.LeaseReleased') return subject;
    const schema = subject.schema as { readonly fields: readonly Field[] };
    return { ...subject, schema: { ...schema, fields: change(schema.fields) } };
  });
}

describe('is stopped by a catalogue in which', () => {
  const [release] = releases();
  const wrong: readonly (readonly [string, readonly Subject[], RegExp])[] = [
    ['an event is gone', CURRENT.filter(({ subject }) => subject !== 'marie.v1.LeaseReleased'), /is gone/],
    ['an event has another number', CURRENT.map((one) => ({ ...one, code: one.code + 1 })), /had the number/],
    ['a field is new and has no default', changed((fields) => [...fields, { name: 'why', type: 'string' }]), /why/],
    [
      'a field has another type',
      changed((fields) => fields.map((field) => (field.name === 'token' ? { ...field, type: 'string' } : field))),
      /LeaseReleased/,
    ],
    [
      'a field has another name',
      changed((fields) => fields.map((field) => ({ ...field, name: `${field.name}X` }))),
      /X/,
    ],
  ];
  it.each(wrong)('%s', (_what, current, problem) => {
    const found = incompatible(release!, current);
    expect(found.length).toBeGreaterThan(0);
    expect(found.join('\n')).toMatch(problem);
  });

  it('and by none in which a field is new and has a default, or is gone', () => {
    const more = changed((fields) => [...fields, { name: 'why', type: ['null', 'string'], default: null }]);
    expect(incompatible(release!, more)).toEqual([]);
    expect(
      incompatible(
        release!,
        changed((fields) => fields.slice(0, 1)),
      ),
    ).toEqual([]);
  });
});
