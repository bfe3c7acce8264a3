/** Something of attempts of a DAG's jobs. Most small DAGs have it of one, which takes no map. */
export class ByAttempt<T> {
  /** The first that was set; -1: none. */
  #first = -1;
  #value: T | undefined = undefined;
  #others: Map<number, T> | null = null;

  get(job: number, attempt: number): T | undefined {
    const number = numberOf(job, attempt);
    return number === this.#first ? this.#value : this.#others?.get(number);
  }

  set(job: number, attempt: number, value: T): void {
    const number = numberOf(job, attempt);
    if (this.#first === -1) this.#first = number;
    if (number === this.#first) {
      this.#value = value;
      return;
    }
    this.#others ??= new Map();
    this.#others.set(number, value);
  }
}

/** A number for an attempt of a job: indexes of jobs have 32 bits, and nothing is tried two million times. */
function numberOf(job: number, attempt: number): number {
  return attempt * 2 ** 32 + job;
}
