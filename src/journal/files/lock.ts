/**
 * An exclusive lock on a file, which ends with the process however that ends.
 *
 * Node has no flock, but the system's `flock` command takes one on a descriptor that it inherits. Such a lock belongs
 * to the open file, not to the process that asked for it: it stays as long as this process has the file open, and the
 * kernel releases it after a kill -9. It holds between containers that share the folder too. Where there is no such
 * command (macOS), the lock is a file that names a process by id and start time; it counts as long as that process
 * runs. A writer also checks before each append that its file is as it left it (`journal.ts`).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { errnoOf } from '../../catalogue/thrown.js';
import { JournalError } from '../errors.js';

/** What `flock -n` exits with when somebody else has the lock. */
const HELD = 1;
/** The descriptor of the file in the child. */
const INHERITED = 3;

/** Another process has the lock. */
export class LockHeld extends JournalError {
  constructor(path: string, owner: string) {
    super('journal-locked', `another process has the journal open (${path}, process ${owner || '?'})`);
  }
}

/**
 * Takes the lock; returns its release. Throws `LockHeld`, and another `JournalError` (`journal-locked`) where the file
 * system has no locks. `flock` is the command's name.
 */
export function lockFile(path: string, flock = 'flock'): () => Promise<void> {
  const fd = fs.openSync(path, 'a+');
  try {
    const owner = takeByKernel(fd, path, flock) ? String(process.pid) : takeByName(path);
    fs.ftruncateSync(fd, 0);
    fs.writeSync(fd, `${owner}\n`);
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
  return async () => {
    try {
      fs.ftruncateSync(fd, 0);
    } finally {
      fs.closeSync(fd);
    }
  };
}

/** Why nobody here can start such a command; for any other reason, such as no room in a table, the next process may. */
const NO_COMMAND: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'EPERM', 'ENOEXEC', 'ENOSYS']);

/** False if this system has no `flock`. */
function takeByKernel(fd: number, path: string, flock: string): boolean {
  const { error, status } = spawnSync(flock, ['-n', String(INHERITED)], { stdio: ['ignore', 'ignore', 'ignore', fd] });
  if (error !== undefined) {
    const errno = errnoOf(error) ?? error.message;
    if (NO_COMMAND.has(errno)) return false;
    throw new JournalError('journal-locked', `flock could not be started (${errno}) for ${path}`);
  }
  if (status === HELD) throw new LockHeld(path, fs.readFileSync(path, 'utf8').trim());
  if (status !== 0) throw new JournalError('journal-locked', `flock ended with ${status} for ${path}`);
  return true;
}

/** The file's text names its owner, which must not run any more. Returns the name of this process. */
function takeByName(path: string): string {
  const owner = fs.readFileSync(path, 'utf8').trim();
  const [pid = '', ...start] = owner.split(' ');
  if (owner !== '' && isRunning(Number(pid), start.join(' '))) throw new LockHeld(path, owner);
  return `${process.pid} ${startOf(process.pid) ?? ''}`;
}

function isRunning(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
  const now = startOf(pid);
  // Where nobody can say when it started, it counts as the owner.
  return start === '' || now === null || now === start;
}

/** When a process started, in the system's words; null if nobody can say. */
function startOf(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .replace(/ +/g, ' ');
  } catch {
    return null;
  }
}
