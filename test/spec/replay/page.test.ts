/** What the page of a report is of: a period, or one DAG of one tenant, in all of its numbers. */
import { describe, expect, it } from 'vitest';
import { FirstBars } from '../../../replay/html/first-bars.js';
import { type HtmlOptions, htmlReport, NotInHistory } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { job, retry } from '../../support/kernel/build.js';
import { at, Stage } from '../../support/replay/stage.js';

const BAR = { executor: 'e1', class: 'ocr', lanes: [0], dag: 'd', job: 'read', outcome: 'completed' };

/** What the page is made from. */
async function shown(stage: Stage, options: HtmlOptions = {}, untilMs?: number) {
  const text = await htmlReport(stage.play(untilMs), options);
  return JSON.parse(/id="data">(.*)<\/script>/.exec(text)![1]!);
}

/**
 * One slot of each of two classes. A giant holds that of `ocr` for 20 s: the first invoice is late by it. The second one
 * is in time, and the letter, of the same id as it and of another tenant, waits for that of `llm` and is late.
 */
function scene(): Stage {
  const llm = [job('ask', { executorClass: 'llm' })];
  return new Stage((dag, name) => (dag === 'giant' ? 20_000 : name === 'ask' ? 6_000 : 1_000))
    .executor('e1', 1)
    .executor('l1', 1, { executorClass: 'llm' })
    .submit(1_000, 'giant', [job('read')])
    .submit(2_000, 'invoice', [job('read')], { deadlineAtMs: at(5_000) })
    .submit(30_000, 'second', [job('read')], { deadlineAtMs: at(40_000) })
    .submit(31_000, 'other', llm, { tenant: 'beta' })
    .submit(31_000, 'second', llm, { tenant: 'beta', deadlineAtMs: at(38_000) });
}

describe('the page of a report', () => {
  it('counts the deadlines of all of the history', async () => {
    const { deadlines, misses, blame, tenant } = await shown(scene());
    expect(deadlines).toEqual({ with: 3, missed: 2, open: 0 });
    expect(misses.map(({ dag }: { dag: string }) => dag)).toEqual(['invoice', 'second']);
    expect(blame.map((row: { class: string }) => row.class)).toEqual(['ocr', 'llm']);
    expect(tenant).toBeNull();
  });

  it.each<[string, string, object, string[]]>([
    ['acme', 'second', { with: 1, missed: 0, open: 0 }, []],
    ['beta', 'second', { with: 1, missed: 1, open: 0 }, ['llm']],
    ['acme', 'giant', { with: 0, missed: 0, open: 0 }, []],
  ])('of a DAG has the deadline of that alone, and what held it up: %s %s', async (tenant, dag, deadlines, classes) => {
    const page = await shown(scene(), { dag: { tenant, dag } });
    expect(page).toMatchObject({ title: dag, tenant, deadlines });
    expect(page.blame.map((row: { class: string }) => row.class)).toEqual(classes);
    expect(page.misses).toHaveLength(classes.length);
    expect(page.bars).toHaveLength(1);
    expect(Object.keys(page.waits)).toEqual([page.bars[0].class]);
  });

  it('of a period has the deadlines that were due in it', async () => {
    const until = await shown(scene(), { toMs: at(29_000) });
    expect(until.deadlines).toEqual({ with: 1, missed: 1, open: 0 });
    expect(until.blame.map((row: { class: string }) => row.class)).toEqual(['ocr']);
    const from = await shown(scene(), { fromMs: at(29_000) });
    expect(from.deadlines).toEqual({ with: 2, missed: 1, open: 0 });
    expect(from.blame.map((row: { class: string }) => row.class)).toEqual(['llm']);
  });

  it('tells apart what is open with its deadline to come: that is not met', async () => {
    expect((await shown(scene(), {}, 32_500)).deadlines).toEqual({ with: 3, missed: 1, open: 1 });
  });

  it('is of nothing that the history does not have', async () => {
    for (const path of [
      { tenant: 'acme', dag: 'nope' },
      { tenant: 'beta', dag: 'invoice' },
    ]) {
      await expect(shown(scene(), { dag: path })).rejects.toThrow(
        new NotInHistory(`the history has no DAG ${path.dag} of tenant ${path.tenant}`),
      );
    }
  });

  it('takes for a wait for a slot what a job was ready: no pause, no hold by a limit of its tenant, no backoff', async () => {
    const stage = new Stage((_dag, name, { number }) =>
      name === 'fails' && number === 1 ? { afterMs: 1_000, fails: true } : 2_000,
    );
    for (const name of ['paused', 'held', 'failed']) stage.executor(`e-${name}`, 1, { executorClass: name });
    const limits = { weight: 1, openDags: null, activeDags: 1, runnableJobs: null };
    const read = (executorClass: string) => [job('read', { executorClass })];
    const paused = { tenant: 'acme', dagId: 'paused' };
    stage
      .submit(1_000, 'before', read('paused'))
      .submit(1_000, 'paused', read('paused'))
      .give(1_500, Code.PauseDag, paused)
      .give(11_500, Code.ResumeDag, paused)
      .give(500, Code.SetTenantLimits, { tenant: 'beta', ...limits })
      .submit(1_000, 'first', read('held'), { tenant: 'beta' })
      .submit(1_000, 'held', read('held'), { tenant: 'beta' })
      .submit(1_000, 'failed', [job('fails', { executorClass: 'failed', retry: retry(2, 7_000) })]);
    const { waits } = await shown(stage);
    expect(waits).toMatchObject({
      failed: { count: 2, longest: 0 },
      held: { count: 2, longest: 0 },
      paused: { count: 2, longest: 500 },
    });
  });

  it('has the curves of all of a period, be there turns in it or not', async () => {
    const curves = async (fromMs: number, toMs: number) => {
      const { inUse, ready, pressure } = await shown(scene(), { fromMs: at(fromMs), toMs: at(toMs) });
      const moments = inUse.at.map((seconds: number) => seconds * 1_000 - at(0));
      return [moments, inUse.lines.ocr, inUse.lines['ocr, offered'], ready.lines.ocr, pressure.lines['open DAGs']];
    };
    expect(await curves(10_000, 12_000)).toEqual([
      [10_000, 12_000],
      [1, 1],
      [1, 1],
      [1, 1],
      [2, 2],
    ]);
    expect(await curves(10_000, 10_000)).toEqual([[10_000], [1], [1], [1], [2]]);
    expect(await curves(20_500, 21_500)).toEqual([
      [20_500, 21_000, 21_500],
      [1, 1, 1],
      [1, 1, 1],
      [1, 0, 0],
      [2, 1, 1],
    ]);
    expect((await curves(21_000, 22_000)).slice(0, 2)).toEqual([
      [21_000, 22_000],
      [1, 0],
    ]);
  });

  it('is of no period that the history has nothing of, and goes no further than it', async () => {
    await expect(shown(scene(), { fromMs: at(60_000) })).rejects.toThrow(NotInHistory);
    await expect(shown(scene(), { toMs: at(-1) })).rejects.toThrow(NotInHistory);
    const { fromMs, toMs } = await shown(scene(), { fromMs: 0, toMs: at(3_600_000) });
    expect([fromMs, toMs]).toEqual([at(0), at(43_000)]);
    expect(await shown(scene(), { fromMs: at(43_000) })).toMatchObject({ fromMs: at(43_000), toMs: at(43_000) });
  });

  it('has an attempt of several slots in as many rows', async () => {
    const stage = new Stage(() => 1_000)
      .executor('e1', 4)
      .submit(1_000, 'wide', [job('read', { slots: 3 })])
      .submit(1_500, 'narrow', [job('read')]);
    const { bars } = await shown(stage);
    expect(bars.map(({ dag, lanes }: { dag: string; lanes: number[] }) => [dag, lanes])).toEqual([
      ['wide', [0, 1, 2]],
      ['narrow', [3]],
    ]);
  });

  it('counts a DAG as late no longer once its deadline was moved, and up to the last turn', async () => {
    const later = { tenant: 'acme', dagId: 'moved', deadlineAtMs: at(60_000), hardDeadlineAtMs: null };
    const stage = new Stage(() => 20_000)
      .executor('e1', 1)
      .submit(1_000, 'moved', [job('read')], { deadlineAtMs: at(5_000) })
      .give(9_000, Code.SetDeadline, later);
    const { pressure } = await shown(stage);
    const late = (ms: number): number =>
      pressure.lines['past their deadline'][pressure.at.findLastIndex((second: number) => second * 1_000 <= at(ms))];
    expect([late(4_000), late(8_000), late(10_000)]).toEqual([0, 1, 0]);
    expect(pressure.lines['open DAGs'].at(-1)).toBe(0);
  });

  it('says how many rows of a table it leaves out', async () => {
    const stage = new Stage(() => 10_000);
    for (let n = 0; n < 14; n++) {
      const own = [job('read', { executorClass: `class-${n}` })];
      stage.executor(`e${n}`, 1, { executorClass: `class-${n}` });
      stage.submit(1_000, `before-${n}`, own).submit(1_001, `late-${n}`, own, { deadlineAtMs: at(5_000) });
    }
    const { blame, misses, more } = await shown(stage);
    expect([blame.length, misses.length, more]).toEqual([12, 14, { misses: 0, blame: 2 }]);
  });

  it('has classes of any name on its charts, and names as they are written', async () => {
    const stage = new Stage(() => 1_000)
      .executor('e1', 1, { executorClass: '__proto__' })
      .submit(1_000, '\u202elive', [job('read', { executorClass: '__proto__' })]);
    const { inUse, ready, bars } = await shown(stage);
    expect(Object.keys(ready.lines)).toEqual(['__proto__']);
    const [used] = Object.values<number[]>(inUse.lines);
    expect(new Set(used)).toEqual(new Set([0, 1]));
    expect(bars[0].dag).toBe('\\u202elive');
  });

  it('draws the attempts that began first where there are too many, and says up to when it has all', () => {
    const first = new FirstBars(3, 100);
    const bar = (fromMs: number, toMs: number) => ({ ...BAR, fromMs, toMs });
    // By their ends: the longest, which began first of all, comes last.
    for (let ms = 10; ms < 80; ms += 10) first.add(bar(ms, ms + 5));
    first.add(bar(5, 90));
    expect(first.bars.map(({ fromMs }) => fromMs)).toEqual([5, 10, 20]);
    expect([first.leftOut, first.drawnToMs]).toEqual([5, 30]);
  });
});
