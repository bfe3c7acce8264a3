/** Names of DAGs as the journal has them: it still has those that the state has forgotten. */
import { decodeTurn } from '../../catalogue/turn.js';
import { nameIn } from '../../edge/lifecycle/names.js';
import type { DagName } from '../../edge/ports.js';
import { isGone, type Journal, readTo } from '../../journal/port.js';

/**
 * Turns that are read along behind one that was looked for, and names after which that ends. DAGs are forgotten nearly as
 * they were accepted, so the next ones that are asked for are among these.
 */
const ALONG_TURNS = 256;
const ALONG_NAMES = 4_096;
/** Names of one answer after which nothing is read along: a few MB. */
const MOST_NAMES = 32_768;

/** What a turn accepted. */
interface Accepted {
  readonly turn: number;
  readonly names: ReadonlyMap<number, DagName>;
}

/**
 * Finds DAGs in the journal by halving: they are numbered in the order in which they are accepted, so the first turn
 * behind any place that accepts one says on which side another is. That is as many places as the journal's length has
 * binary digits, and what is read behind them is short unless nothing is accepted for long; all together never exceeds
 * one reading of the journal up to there. What a search learns of the journal's two ends is kept, so that DAGs that are
 * on neither side of them, archived ones and numbers that nobody has given, cost nothing from then on.
 */
export class JournalNames {
  /** No turn before this one accepts a DAG and is readable, and no readable turn accepts one below `dag`. Only rises. */
  #start = { turn: 1, dag: 0 };
  /** No readable turn up to this one accepts a DAG above `dag`. */
  #end = { turn: 0, dag: 0 };

  constructor(private readonly journal: Pick<Journal, 'read'>) {}

  /** Names of DAGs that were accepted before a turn, and of some beside them; of none whose turn is not there any more. */
  async find(dags: readonly number[], before: number): Promise<ReadonlyMap<number, DagName>> {
    const found = new Map<number, DagName>();
    let low = 1;
    for (const dag of [...dags].sort((a, b) => a - b)) {
      if (!found.has(dag) && dag >= this.#start.dag) low = await this.#findOne(dag, low, before - 1, found);
    }
    return found;
  }

  /** Looks for a DAG between two turns, both included; gives the turn before which no later DAG was accepted. */
  async #findOne(dag: number, from: number, to: number, found: Map<number, DagName>): Promise<number> {
    let [low, high] = [Math.max(from, this.#start.turn, dag > this.#end.dag ? this.#end.turn + 1 : 1), to];
    // Whether no readable turn before `low` accepts a DAG, and what the turns that were read accept on either side.
    let isStart = low <= this.#start.turn;
    let [below, above] = [this.#end.dag, Number.POSITIVE_INFINITY];
    while (low <= high) {
      const middle = Math.floor((low + high) / 2);
      const next = await this.#nextAccepted(middle, high);
      if (next === 'gone') {
        low = middle + 1;
        isStart = true;
        continue;
      }
      if (next?.names.has(dag)) {
        await this.#readAlong(next.turn, to, found);
        return next.turn;
      }
      if (next === null || Math.max(...next.names.keys()) > dag) {
        if (next !== null) above = Math.min(...next.names.keys());
        high = middle - 1;
      } else {
        below = Math.max(...next.names.keys());
        low = next.turn + 1;
        isStart = false;
      }
    }
    if (above === Number.POSITIVE_INFINITY) {
      if (isStart) this.#start = { turn: Math.max(low, to + 1), dag: this.#start.dag };
      else if (to > this.#end.turn) this.#end = { turn: to, dag: below };
    } else if (isStart) this.#start = { turn: low, dag: above };
    return low;
  }

  /** The first turn between two, both included, that accepts a DAG; `gone` where the first of the two is archived. */
  async #nextAccepted(from: number, to: number): Promise<Accepted | 'gone' | null> {
    try {
      for await (const accepted of this.#read(from, to)) if (accepted.names.size > 0) return accepted;
      return null;
    } catch (error) {
      if (isGone(error)) return 'gone';
      throw error;
    }
  }

  async #readAlong(from: number, to: number, found: Map<number, DagName>): Promise<void> {
    const most = Math.min(MOST_NAMES, found.size + ALONG_NAMES);
    for await (const { names } of this.#read(from, Math.min(to, from + ALONG_TURNS - 1))) {
      for (const [dag, name] of names) found.set(dag, name);
      if (found.size >= most) return;
    }
  }

  async *#read(from: number, to: number): AsyncGenerator<Accepted> {
    for await (const { turn, bytes } of readTo(this.journal, from, to)) {
      const { entries } = decodeTurn(bytes);
      const names = new Map<number, DagName>();
      for (const entry of entries) {
        const accepted = nameIn(entry, entries);
        if (accepted !== null) names.set(accepted.dag, accepted.name);
      }
      yield { turn, names };
    }
  }
}
