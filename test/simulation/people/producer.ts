import { Code } from '../../../src/catalogue/generated/codes.js';
import type { InputEntry, SubmitDag } from '../../../src/catalogue/generated/types.js';
import type { Chance } from '../chance.js';
import { randomDag } from './shapes.js';
import type { World } from './world.js';

/** Submits DAGs, again and again until it is told what became of each, and sometimes once more. */
export class Producer {
  /** Submissions that were acknowledged, with the number that the DAG got. */
  readonly acknowledged = new Map<number, SubmitDag>();
  readonly sent: SubmitDag[] = [];
  #isOver = false;

  constructor(
    private readonly world: World,
    private readonly chance: Chance,
    private readonly name: string,
    private readonly everyMs: number,
  ) {
    this.#next();
  }

  /** Submits nothing new any more. */
  stop(): void {
    this.#isOver = true;
  }

  #next(): void {
    this.world.timeline.after(this.chance.wait(this.everyMs), () => {
      if (this.#isOver) return;
      const id = `${this.name}${this.sent.length + 1}`;
      this.submit(randomDag(this.chance, id, Math.floor(this.world.machine.wall.nowMs())));
      this.#next();
    });
  }

  /** Submits a DAG. */
  submit(dag: SubmitDag): void {
    const { world, chance } = this;
    this.sent.push(dag);
    this.#send(world.input(Code.SubmitDag, dag));
    // A client that was restarted doesn't know that it has submitted before; its input is another.
    if (chance.hits(0.1)) {
      world.timeline.after(chance.wait(5000), () => !world.isCalm && this.#send(world.input(Code.SubmitDag, dag)));
    }
  }

  #send(input: InputEntry): void {
    this.world.until(
      input,
      () => false,
      (events) => {
        for (const event of events) {
          if (event.code === Code.DagAccepted) this.acknowledged.set(event.body.dag, input.body as SubmitDag);
          if (event.code === Code.DuplicateInput) this.acknowledged.set(event.body.dag, input.body as SubmitDag);
        }
      },
    );
  }
}
