/** Conditions, compared with their meaning by recursion over plain values. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, parseWhen } from '../../src/kernel/json/index.js';

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('conditions', () => {
  type When =
    | { all: When[] }
    | { any: When[] }
    | { not: When }
    | { job: string; at: string; op: string; value?: unknown };
  const test = fc.oneof(
    fc.record({
      job: fc.constantFrom('a', 'b', 'none'),
      at: fc.constantFrom('', '/0', '/k'),
      op: fc.constant('exists'),
    }),
    fc.record({
      job: fc.constantFrom('a', 'b', 'none'),
      at: fc.constantFrom('', '/0', '/k'),
      op: fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge'),
      value: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('', 'x', 'y')),
    }),
    fc.record({
      job: fc.constantFrom('a', 'b', 'none'),
      at: fc.constantFrom('', '/0', '/k'),
      op: fc.constant('in'),
      value: fc.array(fc.constantFrom(0, 1, 'x', null), { maxLength: 3 }),
    }),
  );
  const { when } = fc.letrec<{ when: When }>((tie) => ({
    when: fc.oneof(
      { maxDepth: 6, withCrossShrink: true },
      test,
      fc.record({ all: fc.array(tie('when'), { maxLength: 3 }) }),
      fc.record({ any: fc.array(tie('when'), { maxLength: 3 }) }),
      fc.record({ not: tie('when') }),
    ),
  }));
  const leaf = fc.constantFrom<unknown>(0, 1, 2, 'x', 'y', null, true);
  const output = fc.oneof(leaf, fc.array(leaf, { maxLength: 2 }), fc.record({ k: leaf }));

  const BLOB = Symbol('in a blob');
  const negated = (told: boolean | null) => (told === null ? null : !told);

  /** The meaning of a condition, by recursion over plain values; null: it can't be told. */
  function model(when: When, outputs: Record<string, unknown>): boolean | null {
    if ('all' in when) {
      const told = when.all.map((inner) => model(inner, outputs));
      return told.includes(false) ? false : told.includes(null) ? null : true;
    }
    if ('any' in when) return negated(model({ all: when.any.map((not) => ({ not })) }, outputs));
    if ('not' in when) return negated(model(when.not, outputs));
    if (outputs[when.job] === BLOB) return when.op === 'exists' && when.at === '' ? true : null;
    const root = outputs[when.job];
    const key = when.at.slice(1);
    const inside = typeof root === 'object' && root !== null && Object.hasOwn(root, key);
    const value = when.at === '' ? root : inside ? (root as Record<string, unknown>)[key] : undefined;
    if (value === undefined) return false;
    const same = (other: unknown) => JSON.stringify(value) === JSON.stringify(other);
    const operand = when.value as number | string;
    const ordered = typeof value === typeof operand && (typeof value === 'number' || typeof value === 'string');
    switch (when.op) {
      case 'exists':
        return true;
      case 'eq':
        return same(operand);
      case 'ne':
        return !same(operand);
      case 'in':
        return (when.value as unknown[]).some(same);
      case 'lt':
        return ordered && value < operand;
      case 'le':
        return ordered && value <= operand;
      case 'gt':
        return ordered && value > operand;
      default:
        return ordered && value >= operand;
    }
  }

  it('hold exactly if their meaning does', () => {
    fc.assert(
      fc.property(when, output, fc.oneof(output, fc.constant(BLOB)), (condition, a, b) => {
        const parsed = parseWhen(utf8(JSON.stringify(condition)));
        expect(parsed.problems).toEqual([]);
        const outputs: Record<string, unknown> = { a, b };
        const texts = new Map(
          Object.entries(outputs).map(([job, value]) => [
            job,
            value === BLOB ? ('blob' as const) : utf8(JSON.stringify(value)),
          ]),
        );
        expect(evaluate(parsed.condition!, (job) => texts.get(job) ?? null)).toBe(model(condition, outputs));
      }),
      { numRuns: 2000 },
    );
  });
});
