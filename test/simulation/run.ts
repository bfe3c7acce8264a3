import { createHash } from 'node:crypto';
import type { FaultyDisk } from '../contract/journal-support/faulty-disk.js';
import { audit, checkEvents, checkPromises, readHistory } from './checks/history.js';
import { noteSituations } from './checks/situations.js';
import { FOLDER } from './machine/machine.js';
import type { Met } from './met.js';
import { Simulation } from './simulation.js';

/** What a seed has come to. */
export interface Report {
  readonly turns: number;
  readonly events: number;
  /** SHA-256 of the journal's files. */
  readonly journal: string;
  readonly met: Met;
}

/** Runs the simulation of a seed and checks what is left of it. Throws with all that it takes to see it again. */
export async function simulate(seed: number): Promise<Report> {
  const simulation = new Simulation(seed);
  try {
    await simulation.run();
    const { machine, world, met } = simulation;
    const turns = await readHistory(machine.disk);
    checkPromises(turns, world.answered, world.shown);
    checkEvents(turns);
    audit(turns);
    noteSituations(turns, met);
    const events = turns.reduce((sum, { entries }) => sum + entries.length, 0);
    return { turns: turns.length, events, journal: await digestOf(machine.disk), met };
  } catch (error) {
    const isWhole = process.env['MARIE_TELL'] !== undefined;
    throw new Error(
      `seed ${seed}: ${error instanceof Error ? error.stack : String(error)}\n` +
        `again: MARIE_SEED=${seed} MARIE_RUNS=1 npx vitest run test/simulation\n${simulation.diary.tell(isWhole)}`,
    );
  }
}

async function digestOf(disk: FaultyDisk): Promise<string> {
  const digest = createHash('sha256');
  for (const name of (await disk.list(FOLDER)).sort()) digest.update(name).update(disk.contents(`${FOLDER}/${name}`));
  return digest.digest('hex');
}
