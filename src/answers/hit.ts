/** Something that an id names. */
export interface Hit {
  readonly kind: 'dag' | 'job' | 'lease' | 'executor' | 'class' | 'tenant';
  /** Where it is read. */
  readonly href: string;
  readonly tenant: string | null;
  readonly dagId: string | null;
  readonly job: string | null;
  readonly name: string | null;
  readonly state: string | null;
  /** Whether the whole id was meant, or its beginning. */
  readonly isWhole: boolean;
}
