/** What the process that runs the executors tells `marie dev`, and the other way. */

/** An executor that a file offers. */
export interface Offered {
  readonly executorClass: string;
  readonly group: string;
  readonly slots: number;
}

/** Which attempt of which job. */
export interface JobPlace {
  readonly executorClass: string;
  readonly dagId: string;
  readonly job: string;
  readonly attempt: number;
}

export type Level = 'debug' | 'info' | 'warn' | 'error';

export type FromRunner =
  /** The file is loaded; these are its executors, and the files that they are made of. */
  | { readonly kind: 'loaded'; readonly executors: readonly Offered[]; readonly files: readonly string[] }
  /** The file can't be used. */
  | { readonly kind: 'broken'; readonly what: string; readonly files: readonly string[] }
  /** Registered with the fabric. */
  | { readonly kind: 'ready' }
  /** The fabric won't have it. */
  | { readonly kind: 'refused'; readonly code: string; readonly what: string }
  /** An operator drains one of the executors. */
  | { readonly kind: 'drained'; readonly executorClass: string }
  | { readonly kind: 'job-started'; readonly place: JobPlace }
  | { readonly kind: 'job-succeeded'; readonly place: JobPlace; readonly ranMs: number }
  | { readonly kind: 'job-failed'; readonly place: JobPlace; readonly ranMs: number; readonly what: string }
  | { readonly kind: 'log'; readonly level: Level; readonly text: string };

export type ToRunner =
  /** Register with the fabric, and work. */
  | { readonly kind: 'work' }
  /** Take no more jobs, end those that run, and end. */
  | { readonly kind: 'drain' };
