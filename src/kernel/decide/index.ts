/** `decide`: what an input leads to. It reads the state, emits events or a refusal, and changes nothing itself. */
import { Code } from '../../catalogue/generated/codes.js';
import type { InputEntry } from '../../catalogue/generated/types.js';
import { isRemembered } from '../evolve/cell.js';
import type { OpenTurn } from '../open-turn.js';
import { IdKind, seqOf } from '../rows/ids.js';
import type { State } from '../rows/state.js';
import * as callbacks from './callbacks.js';
import * as controls from './controls.js';
import * as executors from './executors.js';
import { repeatInput } from './refuse.js';
import * as settings from './settings.js';
import { submitDag } from './submit.js';

/** The number under which a control or registration with this inputId is remembered; 0: it was not taken before. */
export function repeatedInput(t: { readonly state: State }, input: InputEntry): number {
  if (!isRemembered(input)) return 0;
  return seqOf(t.state, IdKind.input, '', input.envelope.inputId);
}

/** Decides one input; `repeatOf` is what `repeatedInput` said before the input was noted. */
export function decide(t: OpenTurn, input: InputEntry, repeatOf: number): void {
  if (repeatOf !== 0) return repeatInput(t, repeatOf);
  switch (input.code) {
    case Code.SubmitDag:
      return submitDag(t, input.body);
    case Code.RegisterExecutor:
      return executors.registerExecutor(t, input.body);
    case Code.DeregisterExecutor:
      return executors.deregisterExecutor(t, input.body);
    case Code.Heartbeat:
      return executors.heartbeat(t, input.body);
    case Code.AcknowledgeDispatch:
      return callbacks.acknowledgeDispatch(t, input.body);
    case Code.ReportProgress:
      return callbacks.reportProgress(t, input.body);
    case Code.CompleteJob:
      return callbacks.completeJob(t, input.body);
    case Code.FailJob:
      return callbacks.failJob(t, input.body);
    case Code.ReturnJob:
      return callbacks.returnJob(t, input.body);
    default:
      return decideControl(t, input);
  }
}

function decideControl(t: OpenTurn, input: InputEntry): void {
  switch (input.code) {
    case Code.CancelDag:
      return controls.cancelDag(t, input.body);
    case Code.CancelJob:
      return controls.cancelJob(t, input.body);
    case Code.PauseDag:
      return controls.pauseDag(t, input.body);
    case Code.ResumeDag:
      return controls.resumeDag(t, input.body);
    case Code.ReprioritizeDag:
      return controls.reprioritizeDag(t, input.body);
    case Code.SetDeadline:
      return controls.setDeadline(t, input.body);
    case Code.RetryDag:
      return controls.retryDag(t, input.body);
    case Code.RetryJob:
      return controls.retryJob(t, input.body);
    case Code.ResolveSignal:
      return controls.resolveSignal(t, input.body);
    case Code.CordonExecutor:
      return executors.controlExecutor(t, input.body, Code.ExecutorCordoned);
    case Code.UncordonExecutor:
      return executors.controlExecutor(t, input.body, Code.ExecutorUncordoned);
    case Code.DrainExecutor:
      return executors.drainExecutor(t, input.body);
    case Code.SetPolicy:
      return settings.setPolicy(t, input.body);
    case Code.SetClassLimits:
      return settings.setClassLimits(t, input.body);
    case Code.SetTenantLimits:
      return settings.setTenantLimits(t, input.body);
    case Code.SetCellLimits:
      return settings.setCellLimits(t, input.body);
    case Code.AcceptClock:
      return settings.acceptClock(t, input.body);
    case Code.ReportSnapshot:
      return settings.reportSnapshot(t, input.body);
    case Code.Undecodable:
      return settings.undecodable(t, input.body);
    default:
      throw new Error(`assertion failed: unknown-version: no decision for input ${input.code}`);
  }
}
