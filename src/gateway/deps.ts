/** What a gateway is made of, and what may be chosen about it. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, FastifyTypeProvider, RawServerDefault } from 'fastify';
import type { z } from 'zod';
import type { Frozen } from '../answers/types.js';
import type { Blobs } from '../blobs/port.js';
import type { Clock, DagNames, HeldLeases, Ids, Timers } from '../edge/ports.js';
import type { CheckSubmission } from '../edge/submission/prune.js';
import type { Inbox } from '../inbox/port.js';
import type { Journal } from '../journal/port.js';
import type { Outbox } from '../outbox/port.js';
import type { FoldSignals, Views } from '../scheduler/views/port.js';

/** Durations of appends, told to whoever listens. */
export interface AppendTimes {
  /** Calls `observe` with the ms of every append; the result ends it. */
  subscribe(observe: (ms: number) => void): () => void;
}

/** What a process is in its cell. */
export type Role = 'starting' | 'standby' | 'leader' | 'stopped';

/** A process's time as leader: a name that no other one has, and the turn with which it began. */
export interface NamedReign {
  readonly id: string;
  readonly turn: number;
}

export interface GatewayDeps {
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly views: Views;
  /** What the measuring of turns reads of the fold. */
  readonly signals: FoldSignals;
  /** Names of DAGs by sequence number, for lifecycle events and repeated submissions. */
  readonly names: DagNames;
  /** Leases by token, for stop messages. */
  readonly leases: HeldLeases;
  /** The journal's read side, for lifecycle readers that were away. */
  readonly journal: Pick<Journal, 'read'>;
  readonly blobs: Blobs;
  /** What the kernel says of a submission that is of the right form. */
  readonly checkSubmission: CheckSubmission;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly timers: Timers;
  /** Why no work is taken now, or null when it is. */
  readonly notReady: () => string | null;
  /** What the process is in its cell. */
  readonly role: () => Role;
  /** The reign in which turns are made, or null where nobody can tell. */
  readonly reign: () => NamedReign | null;
  readonly appendTimes: AppendTimes;
}

export interface GatewayOptions {
  /** A pino logger; absent means that nothing is logged. */
  readonly logger?: FastifyBaseLogger;
  /** How long a stream, or a long answer, stays that is not read, in ms. */
  readonly streamStallMs?: number;
  /** Connections that are open at once; any number where absent. */
  readonly maxConnections?: number;
  /** Version of the program, for the API page. */
  readonly version?: string;
}

/** What routes are given and answer, by their schemas; views are answered as they are, which nobody changes. */
interface BySchema extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown;
  serializer: this['schema'] extends z.ZodType ? Frozen<z.input<this['schema']>> : unknown;
}

/** The HTTP server with zod types on its routes. */
export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, BySchema>;
