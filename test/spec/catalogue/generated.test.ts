/** The definition itself: numbers, topics, error codes, and that everything made of it is current. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import avsc from 'avsc';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../../scripts/catalogue/schemas.js';
import { canonicalForm } from '../../../src/catalogue/canonical-form.js';
import {
  CATALOGUE_FINGERPRINT,
  CODE_NAMES,
  Code,
  isEventCode,
  isInputCode,
  nameOf,
  topicOf,
} from '../../../src/catalogue/generated/codes.js';
import { ERRORS, isErrorCode } from '../../../src/catalogue/generated/errors.js';
import { SCHEMAS } from '../../../src/catalogue/generated/schemas.js';
import { catalogue } from '../../support/catalogue-values.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { cwd: root, encoding: 'utf8' });
}

/** The independent check needs Python 3 and nothing else; a machine may be without it, CI is not. */
const hasPython = spawnSync('python3', ['--version']).status === 0;

describe('what is generated', () => {
  it('is current', () => {
    const tsx = fileURLToPath(import.meta.resolve('tsx/cli'));
    expect(run(process.execPath, [tsx, 'scripts/generate-catalogue.ts', '--check'])).toContain('current');
  });

  // Skipped only where there is no python3 to run it.
  it.skipIf(!hasPython)('gives the bytes that an independent encoder gives', () => {
    expect(run('python3', ['schemas/vectors/check.py'])).toMatch(/^\d{3,} vectors, 0 problems\n$/);
  });
});

describe('numbers', () => {
  const codes = JSON.parse(readFileSync(`${root}/schemas/codes.json`, 'utf8')) as Record<string, object>;
  const numbered = [...catalogue.inputs, ...catalogue.events];

  it('are used once, inputs below 100 and events from 100 on', () => {
    expect(new Set(numbered.map((one) => one.code)).size).toBe(numbered.length);
    for (const { code } of catalogue.inputs) expect(code > 0 && code < 100).toBe(true);
    for (const { code } of catalogue.events) expect(code >= 100).toBe(true);
  });

  it('name a version each, and versions follow each other', () => {
    const keys = [...Object.keys(codes.inputs ?? {}), ...Object.keys(codes.events ?? {})];
    for (const key of keys) {
      const [, base, version] = /^([A-Z][A-Za-z]+)@([1-9]\d*)$/.exec(key) ?? [];
      expect(base, key).toBeDefined();
      if (version !== '1') expect(keys, key).toContain(`${base}@${Number(version) - 1}`);
    }
  });

  it('are used once in every closed set', () => {
    for (const [name, values] of catalogue.sets) {
      expect(new Set(Object.values(values)).size, name).toBe(Object.keys(values).length);
      for (const value of Object.values(values)) expect(Number.isInteger(value), name).toBe(true);
    }
  });

  it('have a name and a topic, and are inputs or events', () => {
    const inputTopics = new Set(['submissions', 'callbacks', 'controls']);
    const eventTopics = new Set(['leases', 'slots', 'dispatches', 'lifecycle', 'refusals']);
    for (const [code, name] of CODE_NAMES) {
      expect(nameOf(code)).toBe(name);
      expect(Code[name as keyof typeof Code]).toBe(code);
      expect(isInputCode(code)).toBe(!isEventCode(code));
      expect((isInputCode(code) ? inputTopics : eventTopics).has(topicOf(code)), name).toBe(true);
    }
    expect(() => topicOf(0)).toThrow(RangeError);
    expect(() => nameOf(0)).toThrow(RangeError);
    expect(isInputCode(0) || isEventCode(0)).toBe(false);
  });
});

describe('the fingerprint', () => {
  it('is that of the schemas', () => expect(CATALOGUE_FINGERPRINT).toBe(fingerprint(catalogue)));

  it('is taken of the canonical forms that Avro defines', () => {
    const alone = SCHEMAS.filter((schema) => !JSON.stringify(schema).includes('"marie.v1.'));
    expect(alone.length).toBeGreaterThan(50);
    for (const schema of alone) {
      const type = avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: false });
      expect(canonicalForm(schema)).toBe(JSON.stringify(type.schema()));
    }
  });

  it('does not depend on docs, and does on everything else', () => {
    const changed = (from: string, to: string): string => {
      const originals = new Map([...catalogue.originals].map(([name, schema]) => [name, replaced(schema, from, to)]));
      return fingerprint({ ...catalogue, originals });
    };
    expect(changed('"doc":"The executor class.', '"doc":"A class.')).toBe(CATALOGUE_FINGERPRINT);
    expect(changed('"name":"retryAtMs"', '"name":"retryAt"')).not.toBe(CATALOGUE_FINGERPRINT);
    expect(changed('"fail_fast","continue"', '"continue","fail_fast"')).not.toBe(CATALOGUE_FINGERPRINT);
    const [first, ...events] = catalogue.events;
    if (first === undefined) throw new Error('no events');
    const renumbered = fingerprint({ ...catalogue, events: [{ ...first, code: 999 }, ...events] });
    expect(renumbered).not.toBe(CATALOGUE_FINGERPRINT);
  });
});

function replaced<T>(value: T, from: string, to: string): T {
  return JSON.parse(JSON.stringify(value).replaceAll(from, to)) as T;
}

describe('error codes', () => {
  it('say what happened, where, why, and what to do', () => {
    for (const [code, info] of Object.entries(ERRORS)) {
      expect(isErrorCode(code)).toBe(true);
      expect(info.title.endsWith('.'), code).toBe(false);
      for (const text of [info.what, info.where, info.why, info.todo]) expect(text, code).toMatch(/^[A-Z`].*\.$/);
    }
    expect(isErrorCode('toString')).toBe(false);
  });

  it('do not ask to retry what is the fault of the request, but for limits', () => {
    for (const [code, { status, retry }] of Object.entries(ERRORS)) {
      // A status of 0: no answer came, the code is the client's own.
      if (retry) expect([0, 408, 409, 429, 500, 503, 507], code).toContain(status);
    }
  });
});
