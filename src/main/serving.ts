import type { DagNames, HeldLeases } from '../edge/ports.js';
import type { NamedReign, Role } from '../gateway/deps.js';
import type { Inbox } from '../inbox/port.js';
import type { Journal } from '../journal/port.js';
import type { Outbox } from '../outbox/port.js';
import type { FoldSignals, Views } from '../scheduler/views/port.js';
import type { Capture } from '../store/port.js';

/** A fabric as its gateway and its operator see it, whatever its journal is. */
export interface ServingFabric {
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly views: Views & DagNames & HeldLeases;
  readonly signals: FoldSignals;
  readonly journal: Pick<Journal, 'read' | 'firstTurn'>;
  /** Resolves with the error when the fabric can't go on. */
  readonly failed: Promise<Error>;
  /** Called with the ms of every append. */
  set onAppend(observe: (ms: number) => void);
  /** What this process is in its cell. */
  readonly role: Role;
  /** The reign in which turns are made; null where it can't be told. */
  reign(): NamedReign | null;
  /** All rows of the store with what they stand for. */
  capture(): Promise<Capture>;
  /** Policy in force. */
  policy(): string;
  /** Why no work is taken now, or null when it is. */
  notReady(): string | null;
  /** Takes nothing more and hands over. Streams go on until `close`. */
  stop(): Promise<void>;
  close(): Promise<void>;
}
