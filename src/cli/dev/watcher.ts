import { createHash } from 'node:crypto';
import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Editors write a file in several goes: a change counts when nothing more has come for so long, in ms. */
const SETTLE_MS = 80;

/** Tells when the contents of some files change. Folders are watched, since editors replace files by new ones. */
export class Watcher {
  readonly #folders = new Map<string, FSWatcher>();
  #digests = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly changed: (files: readonly string[]) => void) {}

  /** Watches these, and nothing else. */
  watch(files: readonly string[]): void {
    // What is known of a file is from before it was loaded: a change since then is still to be told.
    this.#digests = new Map(files.map((file) => [file, this.#digests.get(file) ?? digestOf(file)]));
    const wanted = new Set(files.map((file) => dirname(file)));
    for (const [folder, watcher] of this.#folders) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#folders.delete(folder);
    }
    for (const folder of wanted) {
      if (this.#folders.has(folder)) continue;
      const watcher = watch(folder, (_event, name) => this.#heard(folder, name));
      this.#folders.set(folder, watcher);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#folders.values()) watcher.close();
    this.#folders.clear();
  }

  #heard(folder: string, name: string | null): void {
    const isOurs = [...this.#digests.keys()].some((file) => dirname(file) === folder && basename(file) === name);
    if (name !== null && !isOurs) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), SETTLE_MS);
  }

  #look(): void {
    const changed = [...this.#digests].filter(([file, digest]) => digestOf(file) !== digest).map(([file]) => file);
    for (const file of changed) this.#digests.set(file, digestOf(file));
    if (changed.length > 0) this.changed(changed);
  }
}

/** Empty for a file that isn't there: it may be on its way back. */
function digestOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return '';
  }
}
