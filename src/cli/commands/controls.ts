import type { ArgumentSpec, CommandSpec } from '../spec.js';

const DAG: ArgumentSpec = { name: '<dag>', about: 'id of the DAG', complete: 'dag' };
const JOB: ArgumentSpec = { name: '[job]', about: 'only this job of it: id, or id[n] for a child', complete: 'job' };
const REASON = { flags: '--reason <text>', about: 'why, for whoever reads the history' };

const cancel: CommandSpec = {
  name: 'cancel',
  aliases: ['stop', 'kill'],
  section: 'DAGs',
  about: 'End a DAG, or one of its jobs; what runs of it is stopped.',
  remote: true,
  arguments: [DAG, JOB],
  options: [REASON],
  examples: [
    { line: 'marie cancel invoice-17 --reason "sent twice"' },
    { line: 'marie cancel invoice-17 approve', about: 'one job' },
  ],
  output: 'controlled',
  load: async () => (await import('../actions/controls.js')).cancel,
};

const pause: CommandSpec = {
  name: 'pause',
  section: 'DAGs',
  about: 'Start no more jobs of a DAG; what runs goes on.',
  remote: true,
  arguments: [DAG],
  examples: [{ line: 'marie pause invoice-17' }],
  output: 'controlled',
  load: async () => (await import('../actions/controls.js')).pause,
};

const resume: CommandSpec = {
  name: 'resume',
  aliases: ['unpause'],
  section: 'DAGs',
  about: 'End the pause of a DAG.',
  remote: true,
  arguments: [DAG],
  examples: [{ line: 'marie resume invoice-17' }],
  output: 'controlled',
  load: async () => (await import('../actions/controls.js')).resume,
};

const retry: CommandSpec = {
  name: 'retry',
  section: 'DAGs',
  about: 'Run again what failed or was cancelled of a DAG that has ended, or one job and all that comes after it.',
  remote: true,
  arguments: [DAG, JOB],
  examples: [{ line: 'marie retry invoice-17' }, { line: 'marie retry invoice-17 split' }],
  output: 'controlled',
  load: async () => (await import('../actions/controls.js')).retry,
};

const reprioritize: CommandSpec = {
  name: 'reprioritize',
  aliases: ['reprioritise', 'prioritize'],
  section: 'DAGs',
  about: 'Change the priority of a DAG: higher goes first.',
  remote: true,
  arguments: [DAG, { name: '<priority>', about: 'a whole number from -1,000,000 to 1,000,000' }],
  examples: [{ line: 'marie reprioritize invoice-17 10' }, { line: 'marie reprioritize invoice-17 -5' }],
  output: 'controlled',
  load: async () => (await import('../actions/controls.js')).reprioritize,
};

const setDeadline: CommandSpec = {
  name: 'set-deadline',
  aliases: ['deadline'],
  section: 'DAGs',
  about: 'Change the deadlines of a DAG; one that is not named stays.',
  remote: true,
  arguments: [DAG, { name: '[when]', about: 'the deadline: a time, a span from now on, or none' }],
  options: [{ flags: '--hard <when>', about: 'the hard deadline, at which the DAG fails or loses its priority' }],
  notes: 'Times are such as 2026-12-24T18:00Z, spans such as +90s, +30m, +2h or +1d; `none` takes a deadline away.',
  examples: [
    { line: 'marie set-deadline invoice-17 +30m' },
    { line: 'marie set-deadline invoice-17 2036-12-24T18:00Z --hard +1d' },
    { line: 'marie set-deadline invoice-17 none' },
  ],
  output: 'controlled',
  load: async () => (await import('../actions/controls.js')).setDeadline,
};

const signal: CommandSpec = {
  name: 'signal',
  aliases: ['answer'],
  section: 'DAGs',
  about: 'Answer a signal job; the answer becomes its output.',
  remote: true,
  arguments: [
    DAG,
    { name: '<name>', about: 'name of the signal: the id of the job, if it has no other', complete: 'signal' },
    { name: '[answer]', about: 'JSON; - reads stdin, and nothing means null' },
  ],
  examples: [
    { line: `marie signal invoice-17 approve '{"approved": true}'` },
    { line: 'cat answer.json | marie signal invoice-17 approve -' },
  ],
  output: 'controlled',
  load: async () => (await import('../actions/controls.js')).signal,
};

/** What can be done to a DAG that was submitted. */
export const CONTROLS: readonly CommandSpec[] = [cancel, pause, resume, retry, reprioritize, setDeadline, signal];
