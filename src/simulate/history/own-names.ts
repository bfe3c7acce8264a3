/** Ids and keys of one journal among several: those of another, or of other times, may be the same and mean other DAGs. */
import { madeOnce } from '../../catalogue/made-once.js';
import { isName } from '../../kernel/decide/check-submission.js';
import { MAX_NAME_LENGTH } from '../../kernel/limits.js';

export class OwnNames {
  /** Numbers of own names that would be too long. */
  readonly #long = new Map<string, number>();

  /** `place`: of the journal among the others. */
  constructor(private readonly place: number) {}

  /** The name that stands for an id or key in a run: the same for the same use of it. What is no name stays none. */
  of(name: string, use = 0): string {
    if (name === '' || name.length > MAX_NAME_LENGTH || !isName(name)) return name;
    const own = `${use === 0 ? this.place : `${this.place}.${use}`}:${name}`;
    return own.length <= MAX_NAME_LENGTH ? own : `${this.place}+${this.#numberOf(own)}`;
  }

  #numberOf(own: string): number {
    return madeOnce(this.#long, own, () => this.#long.size + 1);
  }
}
