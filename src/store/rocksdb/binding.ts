import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import type RocksDb from 'rocksdb';
import { messageOf } from '../../catalogue/thrown.js';
import { StoreError } from '../errors.js';

/** The major version of Node with which the library is tested; a newer one may not fit. */
const TESTED_MAJOR = 20;

/** How a Node exits that an error ends. */
const THROWN = 1;

/** A process that ended so, or was not even begun. */
interface Failed {
  readonly stderr?: string;
  readonly signal?: string | null;
  readonly code?: number | string | null;
}

let loaded: Promise<typeof RocksDb> | null = null;

/** The binding of RocksDB. Throws `node-not-supported` if this Node can't load it. */
export function loadedBinding(): Promise<typeof RocksDb> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<typeof RocksDb> {
  if (Number.parseInt(process.versions.node, 10) > TESTED_MAJOR) await tryBinding(process.execPath);
  return (await import('rocksdb')).default;
}

/**
 * Loads the library in a process of its own. Where it takes symbols of a newer Node for its own ones, it aborts while it is
 * loaded, which nothing can catch.
 */
export async function tryBinding(node: string): Promise<void> {
  const library = createRequire(import.meta.url).resolve('rocksdb');
  try {
    await promisify(execFile)(node, ['--eval', 'require(process.argv[1])', library]);
  } catch (error) {
    const { stderr = '', signal, code } = error as Failed;
    // An error that can be caught is told better by who loads it here.
    if (code === THROWN) return;
    const said = stderr.trim().split('\n').at(-1)?.trim() || signal || messageOf(error);
    const message = `Node ${process.versions.node} can't load the library of the store (${said})`;
    throw new StoreError('node-not-supported', message, { cause: error });
  }
}
