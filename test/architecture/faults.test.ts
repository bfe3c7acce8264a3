import { describe, expect, it } from 'vitest';
import { missingEvidence, NOT_SHOWN, NUMBERS, rowsOf } from './faults.js';
import { allSources } from './source.js';

const sources = allSources();
const rows = rowsOf(sources.find(({ path }) => path === 'docs/faults.md')!.text);

describe('the list of faults', () => {
  it('has every fault and every invariant, in order', () => {
    expect(rows.map(({ number }) => number)).toEqual(NUMBERS);
  });

  it('names evidence that is there', () => {
    expect(rows.flatMap((row) => missingEvidence(row, sources))).toEqual([]);
  });

  it(`leaves out ${NOT_SHOWN.join(' and ') || 'none'}`, () => {
    const left = rows.filter(({ shownBy }) => shownBy.startsWith('not shown yet: '));
    expect(left.map(({ number }) => number)).toEqual(NOT_SHOWN);
  });
});

describe('evidence', () => {
  it.each([
    ['`simulation: power-lost`', []],
    ['`simulation: never-met`', ['7: no "never-met" in simulation']],
    ['`spec/kernel/hash: carries through`', []],
    ['`spec/kernel/hash: no such title`', ['7: no "no such title" in spec/kernel/hash']],
    ['`spec/no-such-file: x`', ['7: no "x" in spec/no-such-file']],
    ['somebody has tried it', ['7: nothing shows it']],
    ['not shown yet: there is no part for it', []],
  ])('%s', (shownBy, findings) => {
    expect(missingEvidence({ number: '7', shownBy }, sources)).toEqual(findings);
  });
});
