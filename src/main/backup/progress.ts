/** What a backup or its restoring is doing. Each phase of the journal goes through all of it, and of the archive. */
export type BackupPhase =
  | 'journal copied'
  | 'journal checked'
  | 'journal digested'
  | 'snapshots copied'
  | 'blobs copied';

/** Called for every piece with all bytes that a phase has gone through so far. */
export type OnBackup = (phase: BackupPhase, bytes: number) => void;

/** Called for every piece with its bytes. */
export type OnBytes = (more: number) => void;

/** Adds up the bytes of a phase, and tells them. */
export function phaseOf(phase: BackupPhase, tell: OnBackup | undefined): OnBytes {
  let bytes = 0;
  return (more) => {
    bytes += more;
    tell?.(phase, bytes);
  };
}
