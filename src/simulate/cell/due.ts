/** What comes in at a moment under a virtual clock. */
import type { Answer, Answers } from './answers.js';

/** What happens whatever is decided, in the order of time. */
export interface Arrivals<T> {
  /** The next one; null when there are no more. */
  peek(): T | null;
  /** Takes what `peek` gave. */
  take(): void;
}

/** Is given what is due, in its order. */
export interface DueListener<T> {
  arrived(arrival: T): void;
  answered(answer: Answer): void;
}

/** Takes all that is due at a moment: by place, and of the same place arrivals before answers. */
export function takeDue<T extends { readonly at: number; readonly order: number }>(
  at: number,
  arrivals: Arrivals<T>,
  answers: Answers,
  listener: DueListener<T>,
): void {
  for (;;) {
    const next = arrivals.peek();
    const answer = answers.peek();
    const isArrival = next !== null && next.at <= at;
    const isAnswer = answer !== undefined && answer.at <= at;
    if (!isArrival && !isAnswer) return;
    if (isArrival && (!isAnswer || next.order <= answer.order)) {
      arrivals.take();
      listener.arrived(next);
    } else {
      const taken = answers.take();
      if (taken !== null) listener.answered(taken);
    }
  }
}
