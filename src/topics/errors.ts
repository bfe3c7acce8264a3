import { FabricError } from '../client/errors.js';
import { refusalOfFailure } from '../edge/problems.js';
import { KafkaFault } from '../kafka/fault.js';

/** What the edge, or a turn, made of an input as an error of the client, as a gateway would have answered it. */
export function fabricErrorOf(error: unknown): FabricError {
  if (error instanceof FabricError) return error;
  const { details, retryAfterMs } = refusalOfFailure(error);
  const { code, status, detail, problems, turn } = details;
  return new FabricError({ code, status, detail, problems, retryAfterMs, turn: turn ?? null });
}

/** Statuses of what trying again does not cure: no access, and a log that can't be read. */
const DENIED = 403;
const UNREADABLE = 422;

/** Why reading the log has ended. Nothing that needs it is tried again. */
export function endOf(error: unknown): FabricError {
  if (!(error instanceof Error)) return fabricErrorOf(error);
  const { code = 'internal' } = error as { readonly code?: string };
  const isDenied = error instanceof KafkaFault && error.code === 'kafka-denied';
  return new FabricError({ code, status: isDenied ? DENIED : UNREADABLE, detail: error.message, cause: error });
}
