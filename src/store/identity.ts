/** What a store was opened for. */
export interface StoreIdentity {
  readonly cell: string;
  /** Number of the row layout of this program. */
  readonly layout: number;
}
