/** `bisect` between two releases: this one, and one that is installed elsewhere and runs as a process of its own. */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Exit } from '../../src/cli/exit.js';
import { JournalError } from '../../src/journal/errors.js';
import type { FoldOptions } from '../fold.js';
import type { History } from '../history.js';
import { Wrong } from '../problem.js';
import type { BisectReport } from './bisect.js';
import { type DecidedTurn, explainedTurns } from './decided.js';
import type { DispatchView } from './what-if.js';

/** An installed release. */
export interface Release {
  readonly version: string;
  /** The file that is its command. */
  readonly command: string;
}

/** Where a package may be in the folder that is named: it itself, or installed there. */
const PLACES = ['.', join('node_modules', 'marie-execution-fabric')];
const NAME = 'marie-execution-fabric';
/** Of what another release says on stderr before it ends, the last is kept. */
const MOST_SAID = 2_000;
/** Dispatches of one turn, as text. */
const MOST_TEXT_BYTES = 256 * 1024 * 1024;

/** The release in a folder. Throws `JournalError` `not-found` where there is none. */
export async function releaseIn(folder: string): Promise<Release> {
  for (const place of PLACES) {
    const root = resolve(folder, place);
    const described = join(root, 'package.json');
    if (!existsSync(described)) continue;
    const { name, version, bin } = await describedIn(described);
    if (name === NAME && version !== undefined && bin !== undefined) return { version, command: join(root, bin.marie) };
  }
  throw new JournalError('not-found', `${folder}: there is no release of ${NAME}`);
}

/** What a package says of itself. */
async function describedIn(file: string): Promise<Partial<Described>> {
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text) as Partial<Described>;
  } catch (cause) {
    throw new JournalError('not-found', `${file} is no JSON: there is no release of ${NAME}`, cause);
  }
}

interface Described {
  readonly name: string;
  readonly version: string;
  readonly bin: { readonly marie: string };
}

/** What differs between the recorded history as this release and another one decide it. */
export interface ReleasesReport extends BisectReport {
  /** The first turn that says anything else, a dispatch or not; null: none does. */
  readonly firstTurn: number | null;
}

export interface ReleasesOptions extends Pick<FoldOptions, 'onProgress'> {
  /** Told when the other release is asked for its dispatches of a turn, for which it folds the history up to there again. */
  readonly onAsked?: (turn: number) => void;
}

/**
 * Lets both releases decide every turn again, in step, and stops at the first at which they dispatch differently. `journal`
 * is where the other one finds the history.
 */
export async function bisectReleases(
  history: History,
  journal: string,
  release: Release,
  options: ReleasesOptions = {},
): Promise<ReleasesReport> {
  const other = new OtherRelease(release, journal);
  const b = `release ${release.version}`;
  let same = 0;
  let firstTurn: number | null = null;
  // A running fabric may write on: the other one may meet the end before this one, but has at least what is there now.
  const lastTurn = await history.lastTurn();
  const theirs = other.turns();
  try {
    for await (const { decided: own, views } of explainedTurns(history, options)) {
      const { value, done } = await theirs.next();
      if (done === true && own.turn > lastTurn) break;
      if (done === true) throw other.failed(`it ended before turn ${own.turn}`);
      if (value.turn !== own.turn) throw other.failed(`it has turn ${value.turn} where turn ${own.turn} is`);
      if (own.entries !== value.entries) firstTurn ??= own.turn;
      if (own.decisions === value.decisions) {
        same += own.dispatches;
        continue;
      }
      options.onAsked?.(own.turn);
      const [ours, others] = [await views(), await other.dispatchesAt(own.turn)];
      const at = firstOther(ours, others);
      const parting = { turn: own.turn, atMs: own.atMs, recorded: ours[at] ?? null, other: others[at] ?? null };
      return { a: null, b, same: same + at, parting, firstTurn };
    }
    return { a: null, b, same, parting: null, firstTurn };
  } finally {
    await theirs.return(undefined);
  }
}

/** Place of the first dispatch that is another one: of what is compared, what it was decided by is no part. */
function firstOther(a: readonly DispatchView[], b: readonly DispatchView[]): number {
  const count = Math.max(a.length, b.length);
  for (let i = 0; i < count; i++) if (decisionOf(a[i]) !== decisionOf(b[i])) return i;
  return count;
}

function decisionOf(view: DispatchView | undefined): string {
  return JSON.stringify({ ...view, decidedBy: null });
}

class OtherRelease {
  #said = '';
  #turn = 0;

  constructor(
    private readonly release: Release,
    private readonly journal: string,
  ) {}

  /** What it decides, turn by turn; the process ends with the iteration. */
  async *turns(): AsyncGenerator<DecidedTurn> {
    const child = spawn(process.execPath, this.#args(), { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-MOST_SAID);
    });
    const closed = new Promise<number | null>((end, fail) => child.once('close', end).once('error', fail));
    closed.catch(() => undefined);
    try {
      for await (const line of createInterface({ input: child.stdout })) {
        const decided = JSON.parse(line) as DecidedTurn;
        this.#turn = decided.turn;
        yield decided;
      }
      const code = await closed;
      if (code !== 0) throw (code === Exit.Usage ? null : this.#gaveUp()) ?? this.failed(`it ended with ${code}`);
    } finally {
      child.kill();
    }
  }

  async dispatchesAt(turn: number): Promise<readonly DispatchView[]> {
    const args = [...this.#args(), '--turn', String(turn)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: MOST_TEXT_BYTES });
    return (JSON.parse(stdout) as { readonly dispatched: readonly DispatchView[] }).dispatched;
  }

  /** Why it got no further than its last turn, where it said so as a release does; null where it did not. */
  #gaveUp(): Wrong | null {
    const said = this.#said.trim().split('\n').at(-1)!;
    if (!said.startsWith('{"error":')) return null;
    const { code, what } = (JSON.parse(said) as { readonly error: { readonly code: string; readonly what: string } })
      .error;
    return new Wrong(code, this.#turn + 1, `release ${this.release.version}: ${what}`, null);
  }

  failed(what: string): JournalError {
    const said = this.#said.trim();
    return new JournalError('not-found', `release ${this.release.version}: ${what}${said === '' ? '' : `: ${said}`}`);
  }

  #args(): readonly string[] {
    return [this.release.command, 'replay', 'decide', this.journal, '--json'];
  }
}
