/** What the thread that stands in is told of one session: that its process was alive, and when it will say so again. */
export interface Alive {
  /** Where its callbacks are posted; it names the session. */
  readonly path: string;
  /** Null: the session is over. */
  readonly everyMs: number | null;
}
