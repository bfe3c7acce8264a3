/** Exports, read by those who will: the ready queries in a real DuckDB on real files. */
import { fstatSync, readdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { TABLES, type TableName } from '../../../replay/export/tables.js';
import { exportTables, type History, Play } from '../../../replay/index.js';
import { Code } from '../../../src/catalogue/generated/codes.js';
import { fanOut, job, KernelBench, retry } from '../../support/kernel/bench.js';
import { PATIENT } from '../../support/patience.js';
import { chained } from '../../support/replay/history.js';
import { at, Stage } from '../../support/replay/stage.js';
import { inFolder } from './history.js';

/** An hour and a half of two tenants: deadlines met and missed, failures, a pause, a slow executor. */
function scene(untilMs?: number): History {
  const stage = new Stage((dag, name, { executor, number }) => {
    if (name === 'read' && number === 1 && /^dag-.*7$/.test(dag)) return { afterMs: 700, fails: true };
    return executor === 'slow' ? 9_000 : name === 'page' ? 1_500 : 1_000;
  });
  stage.executor('e1', 2).executor('slow', 1).executor('m1', 1, { executorClass: 'merger' });
  for (let n = 0; n < 60; n++) {
    const jobs = [
      job('read', { estimateMs: 1_000, retry: retry(3, 500) }),
      job('page', { after: ['read'], fanOut: fanOut(3) }),
      job('merge', { after: ['page'], executorClass: 'merger' }),
    ];
    const more = { tenant: n % 3 === 0 ? 'beta' : 'acme', deadlineAtMs: n % 2 === 0 ? at(n * 90_000 + 12_000) : null };
    stage.submit(n * 90_000, `dag-${n}`, jobs, more);
  }
  for (let n = 0; n < 12; n++) {
    stage.submit(1_000_000, `burst-${n}`, [job('read')], { tenant: 'acme', deadlineAtMs: at(1_004_000) });
  }
  const paused = { tenant: 'acme', dagId: 'dag-4' };
  stage.give(4 * 90_000 + 500, Code.PauseDag, paused).give(4 * 90_000 + 20_500, Code.ResumeDag, paused);
  return stage.play(untilMs);
}

/** How many files this process has open that have no name any more. */
function namelessOpen(): number {
  const isNameless = (fd: string): boolean => {
    try {
      const stat = fstatSync(Number(fd));
      return stat.isFile() && stat.nlink === 0;
    } catch {
      // That of the listing itself.
      return false;
    }
  };
  return readdirSync('/dev/fd').filter(isNameless).length;
}

type Rows = readonly Record<string, unknown>[];

describe('an export', () => {
  const history = scene();
  let queries: readonly string[];

  beforeAll(async () => {
    queries = (await readdir('replay/export/sql')).sort();
  });

  /** Runs with a connection whose files are those of an export. */
  async function exported<T>(
    run: (ask: (sql: string) => Promise<Rows>, folder: string) => Promise<T>,
    of = history,
  ): Promise<T> {
    return inFolder(async (folder) => {
      await exportTables(of, folder);
      const instance = await DuckDBInstance.create(':memory:');
      const connection: DuckDBConnection = await instance.connect();
      try {
        await connection.run('SET autoinstall_known_extensions = false');
        await connection.run(`SET file_search_path = '${folder}'`);
        return await run(async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson() as Rows, folder);
      } finally {
        connection.closeSync();
        instance.closeSync();
      }
    });
  }

  it('is there whole or not at all, and takes nothing away', () =>
    inFolder(async (folder) => {
      const out = `${join(folder, 'tables')}/`;
      const breaksOff = async function* () {
        for await (const turn of history.read()) {
          if (turn.record.turn > 100) throw new Error('interrupted');
          yield turn;
        }
      };
      for (const format of ['parquet', 'ndjson'] as const) {
        await expect(exportTables({ ...history, read: breaksOff }, out, { format })).rejects.toThrow('interrupted');
        expect(await readdir(folder)).toEqual([]);
      }
      expect(await exportTables(history, out, { format: 'ndjson' })).toMatchObject({ folder: out });
      const files = await readdir(out);
      await expect(exportTables(history, out)).rejects.toMatchObject({ code: 'target-not-empty' });
      expect(await readdir(out)).toEqual(files);
      expect(await readdir(folder)).toEqual(['tables']);
    }));

  it('keeps no file open when it fails', () =>
    inFolder(async (folder) => {
      const breaksOff = async function* () {
        for await (const turn of history.read()) {
          if (turn.record.turn > 100) throw new Error('interrupted');
          yield turn;
        }
      };
      const out = join(folder, 'tables');
      const before = namelessOpen();
      await expect(exportTables({ ...history, read: breaksOff }, out, { format: 'ndjson' })).rejects.toThrow();
      await vi.waitFor(() => expect(namelessOpen()).toBe(before), PATIENT);
    }));

  it('needs the first turn: of what leases and slots are is told there', () =>
    inFolder(async (folder) => {
      const rest = { ...history, firstTurn: 100, read: (fromTurn = 100) => history.read(fromTurn) };
      const exported = exportTables(rest, join(folder, 'tables'));
      await expect(exported).rejects.toMatchObject({ code: 'history-incomplete', turn: 100 });
      expect(await readdir(folder)).toEqual([]);
    }));

  it('has ten ready queries, and each gives rows', async () => {
    expect(queries).toHaveLength(10);
    await exported(async (ask, folder) => {
      expect((await readdir(join(folder, 'sql'))).sort()).toEqual(queries);
      for (const name of queries) {
        const rows = await ask(await readFile(join(folder, 'sql', name), 'utf8'));
        expect([name, rows.length > 0]).toEqual([name, true]);
      }
    });
  });

  it('answers them rightly', async () => {
    const { recorded } = await Play.of(history);
    await exported(async (ask) => {
      const query = async (name: string) => ask(await readFile(`replay/export/sql/${name}`, 'utf8'));
      const sla = await query('03-sla-hit-rate-by-tenant.sql');
      const sum = (field: string) => sla.reduce((all, row) => all + Number(row[field]), 0);
      expect({ met: sum('met'), missed: sum('missed') }).toEqual({
        met: recorded.deadlines.met,
        missed: recorded.deadlines.missed,
      });
      expect(recorded.deadlines.missed).toBeGreaterThan(0);
      const waits = await ask("SELECT DISTINCT wait_ms - dependency_ms AS ms FROM 'waits.parquet'");
      const told = (await query('02-wait-percentiles-by-class.sql')).flatMap(({ p50_ms, p90_ms, p99_ms }) => [
        Number(p50_ms),
        Number(p90_ms),
        Number(p99_ms),
      ]);
      // A percentile is a wait that there was, as everywhere else.
      expect(waits.map(({ ms }) => Number(ms))).toEqual(expect.arrayContaining(told));
      const [slowest] = await query('06-slow-executors.sql');
      expect(slowest).toMatchObject({ executor: 'slow', mean_ms: 9_000 });
      const [failed] = await query('07-failed-attempts.sql');
      expect(failed).toMatchObject({ class: 'ocr', outcome: 'failed', attempts: '6' });
      const blame = await query('04-top-blame.sql');
      expect(blame.map((row) => row['blame'])).toEqual(expect.arrayContaining(['paused', 'full']));
      for (const row of await query('01-utilisation-by-class-and-hour.sql')) {
        expect(Number(row['used_percent'])).toBeGreaterThanOrEqual(0);
        expect(Number(row['used_percent'])).toBeLessThanOrEqual(100);
      }
    });
  });

  it.each([
    ['that ends with its DAGs', undefined, 0],
    ['that ends before attempts do, which hold slots up to there', 1_002_500, 3],
  ])('sums up what tenants held, as what-if does, in a history %s', async (_what, untilMs, running) => {
    const told = scene(untilMs);
    const { recorded } = await Play.of(told);
    await exported(async (ask) => {
      const [open] = await ask("SELECT count(*) AS count FROM 'slots.parquet' WHERE freed_at IS NULL");
      expect(Number(open!['count'])).toBe(running);
      const shares = await ask(await readFile('replay/export/sql/10-tenant-shares.sql', 'utf8'));
      for (const tenant of ['acme', 'beta']) {
        const held = shares
          .filter((row) => row['tenant'] === tenant)
          .reduce((all, row) => all + Number(row['slot_ms']), 0);
        expect([tenant, held]).toEqual([tenant, recorded.slotMsByTenant[tenant]]);
      }
    }, told);
  });

  it('has no more slots in use than there are, also of an executor that offers fewer than it runs, as what-if', async () => {
    const fewer = new Stage(() => 39_000)
      .executor('e1', 2)
      .submit(1_000, 'lost', [job('a'), job('b')])
      .executor('e1', 0, {}, 2_000)
      .play();
    const { recorded } = await Play.of(fewer);
    expect(recorded.utilisationPermille).toEqual({ ocr: 1_000 });
    await exported(async (ask) => {
      const used = await ask(await readFile('replay/export/sql/01-utilisation-by-class-and-hour.sql', 'utf8'));
      // Both slots for 39 s of 40; in the first one they were there, and nobody had anything for them.
      expect(used).toMatchObject([{ class: 'ocr', used_percent: 97.5 }]);
    }, fewer);
  });

  it('counts an attempt once, of which an executor held slots once more when it came back', async () => {
    const b = new KernelBench();
    b.register('e1', { sessionMs: 10_000 });
    b.submit('hung', [job('read')]);
    for (const ms of [10_000, 30_000]) b.later(ms);
    b.register('e1', { sessionMs: 600_000, held: [{ lease: { dag: 1, job: 0, attempt: 1, token: 1 }, slots: 1 }] });
    b.later(30_000);
    await exported(async (ask) => {
      expect(await ask("SELECT count(*) AS count FROM 'slots.parquet' WHERE token = 1")).toEqual([{ count: '2' }]);
      const failed = await ask(await readFile('replay/export/sql/07-failed-attempts.sql', 'utf8'));
      expect(failed).toMatchObject([{ outcome: 'executor-lost', attempts: '1', slot_ms: '70000' }]);
    }, chained(b.history));
  });

  it('has waits whose parts sum exactly to them', async () => {
    await exported(async (ask) => {
      const [row] = await ask(`SELECT count(*) AS waits, count(*) FILTER (wait_ms <> dependency_ms + held_ms + paused_ms
        + backoff_ms + no_executor_ms + full_ms + other_ms OR wait_ms <> epoch_ms(dispatched_at) - epoch_ms(waited_from)) AS wrong
        FROM 'waits.parquet'`);
      const [dispatches] = await ask("SELECT count(*) AS count FROM 'dispatches.parquet'");
      expect(row).toEqual({ waits: dispatches!['count'], wrong: '0' });
    });
  });

  it('has the columns that are documented, in both formats', async () => {
    await exported(async (ask, folder) => {
      await exportTables(history, join(folder, 'lines'), { format: 'ndjson' });
      for (const table of Object.keys(TABLES) as TableName[]) {
        const parquet = await ask(`SELECT count(*) AS count FROM '${table}.parquet'`);
        const lines = await ask(`SELECT count(*) AS count FROM read_json('${join(folder, 'lines', table)}.ndjson')`);
        expect(lines).toEqual(parquet);
        const columns = await ask(`DESCRIBE FROM '${table}.parquet'`);
        const types = { STRING: 'VARCHAR', INT64: 'BIGINT', INT32: 'INTEGER', BOOLEAN: 'BOOLEAN' } as const;
        expect(columns.map((row) => [row['column_name'], row['column_type']])).toEqual(
          TABLES[table].map(({ name, type }) => [
            name,
            type === 'TIMESTAMP' ? expect.stringMatching(/^TIMESTAMP/) : types[type],
          ]),
        );
      }
    });
  });
});
