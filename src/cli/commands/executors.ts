import type { ArgumentSpec, CommandSpec, GroupSpec } from '../spec.js';

const EXECUTOR: ArgumentSpec = { name: '<executor>', about: 'id of the executor', complete: 'executor' };

const list: CommandSpec = {
  name: 'list',
  aliases: ['ls'],
  about: 'List executors with their slots.',
  remote: true,
  options: [
    { flags: '--class <name>', about: 'only this class', complete: 'class' },
    { flags: '-a, --all', about: 'also those that have gone, and hold no slot any more' },
  ],
  notes:
    'Slots are withdrawn where nobody says for 30 s that cancelled or timed out work on them has stopped: the executor\n' +
    'gets no work on them until it registers again, as a new process does.',
  examples: [{ line: 'marie executors' }, { line: 'marie executors list --class ocr --all' }],
  output: 'executors',
  load: async () => (await import('../actions/executors.js')).listExecutors,
};

const cordon: CommandSpec = {
  name: 'cordon',
  about: 'Give an executor no more work; what it has goes on.',
  remote: true,
  arguments: [EXECUTOR],
  examples: [{ line: 'marie executors cordon ocr-2' }],
  output: 'controlled',
  load: async () => (await import('../actions/executors.js')).cordon,
};

const uncordon: CommandSpec = {
  name: 'uncordon',
  about: 'Give an executor work again that was cordoned.',
  notes: 'One that drains can not be called back: it leaves, and has work again once its process is started anew.',
  remote: true,
  arguments: [EXECUTOR],
  examples: [{ line: 'marie executors uncordon ocr-2' }],
  output: 'controlled',
  load: async () => (await import('../actions/executors.js')).uncordon,
};

const drain: CommandSpec = {
  name: 'drain',
  about: 'Ask an executor to give back what it has not started, to finish what it has, and to leave.',
  notes: 'That is final: the process goes on without it, or ends. To stop work for a while, use cordon.',
  remote: true,
  arguments: [EXECUTOR],
  options: [{ flags: '-w, --wait', about: 'until it holds no slot any more' }],
  examples: [{ line: 'marie executors drain ocr-2 --wait' }],
  output: 'controlled',
  load: async () => (await import('../actions/executors.js')).drain,
};

export const executors: GroupSpec = {
  name: 'executors',
  aliases: ['executor'],
  section: 'Operating',
  about: 'See executors, and take them out of work and back.',
  usual: 'list',
  commands: [list, cordon, uncordon, drain],
};
