import type { Controlled } from '../answers/types.js';
import { type Calls, dagPath, segment, sendControl, sendControlText } from './calls.js';

/** What can be done to a DAG or a job that was submitted. Each is answered after its turn is durable. */
export class Controls {
  constructor(private readonly calls: Calls) {}

  cancel(dagId: string, reason = ''): Promise<Controlled> {
    return this.post(dagId, '/cancel', { reason });
  }

  pause(dagId: string): Promise<Controlled> {
    return this.post(dagId, '/pause', {});
  }

  resume(dagId: string): Promise<Controlled> {
    return this.post(dagId, '/resume', {});
  }

  /** Runs again what failed or was cancelled. */
  retry(dagId: string): Promise<Controlled> {
    return this.post(dagId, '/retry', {});
  }

  reprioritize(dagId: string, priority: number): Promise<Controlled> {
    return this.post(dagId, '/reprioritize', { priority });
  }

  /** Sets both deadlines; one that is absent or null is taken away. */
  setDeadline(
    dagId: string,
    deadlines: { readonly deadlineAtMs?: number | null; readonly hardDeadlineAtMs?: number | null },
  ): Promise<Controlled> {
    return this.post(dagId, '/set-deadline', deadlines);
  }

  cancelJob(dagId: string, job: string, reason = ''): Promise<Controlled> {
    return this.post(dagId, `/jobs/${segment(job)}/cancel`, { reason });
  }

  /** Runs a job again, and all that comes after it. */
  retryJob(dagId: string, job: string): Promise<Controlled> {
    return this.post(dagId, `/jobs/${segment(job)}/retry`, {});
  }

  /** Answers a signal job; the answer becomes its output. */
  signal(dagId: string, name: string, answer: unknown = null): Promise<Controlled> {
    return this.post(dagId, `/signals/${segment(name)}`, answer);
  }

  /**
   * The same with an answer that is JSON already; it is sent as it
   * stands, as a number may have more digits than JavaScript keeps.
   */
  signalText(dagId: string, name: string, json: string): Promise<Controlled> {
    return sendControlText(this.calls, 'POST', dagPath(this.calls, dagId, `/signals/${segment(name)}`), json);
  }

  private post(dagId: string, rest: string, body: unknown): Promise<Controlled> {
    return sendControl(this.calls, 'POST', dagPath(this.calls, dagId, rest), body);
  }
}
