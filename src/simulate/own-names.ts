/** Ids and keys of one journal among several: those of another may be the same, and mean other DAGs. */
import { isName } from '../kernel/decide/check-submission.js';
import { MAX_NAME_LENGTH } from '../kernel/limits.js';

export class OwnNames {
  /** Numbers of names for which there is no room behind the place. */
  readonly #long = new Map<string, number>();

  /** `place`: of the journal among the others. */
  constructor(private readonly place: number) {}

  /** The name that stands for an id or key in a run: the same for the same one. What is no name stays none. */
  of(name: string): string {
    if (name === '' || name.length > MAX_NAME_LENGTH || !isName(name)) return name;
    const own = `${this.place}:${name}`;
    return own.length <= MAX_NAME_LENGTH ? own : `${this.place}+${this.#numberOf(name)}`;
  }

  #numberOf(name: string): number {
    const number = this.#long.get(name) ?? this.#long.size + 1;
    this.#long.set(name, number);
    return number;
  }
}
