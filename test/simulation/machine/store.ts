import { StoreError } from '../../../src/store/errors.js';
import type { Capture, Store, StoreEntry, StoreOperation, StorePosition } from '../../../src/store/port.js';
import { SEAL_BYTES } from '../../../src/store/seal.js';
import { nameOf } from '../../../src/store/sorted-map.js';
import { MemoryMedium } from '../../support/memory/medium.js';
import { type Host, never } from './host.js';

/** A batch that is handed over and not answered yet. */
export interface BatchUnderWay {
  readonly position: StorePosition;
  /** Whether the medium has it. */
  readonly isStored: boolean;
}

/** The machine's store as one process uses it. */
export class HostStore implements Store {
  underWay: BatchUnderWay | null = null;
  /** The next write fails as it would on a full disk. */
  fails = false;

  /** `checkPosition` is told what each batch stands for, before it is written. */
  constructor(
    private readonly host: Host,
    private readonly store: Store,
    private readonly checkPosition: (position: StorePosition) => void,
  ) {}

  position(): StorePosition | null {
    return this.store.position();
  }

  async write(operations: readonly StoreOperation[], position: StorePosition): Promise<void> {
    const { host } = this;
    if (host.alive) this.checkPosition(position);
    this.underWay = { position, isStored: false };
    if (!host.pass('before the store is written')) return never();
    await host.delay(host.chance.wait(4) + 0.5);
    if (this.fails) throw new StoreError('disk-full', 'no room for a batch');
    await this.store.write(operations, position);
    this.underWay = { position, isStored: true };
    if (!host.pass('after the store is written')) return never();
    await host.delay(host.chance.wait(1));
    this.underWay = null;
  }

  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | null)[]> {
    await this.host.delay(this.host.chance.between(0.05, 0.5));
    return this.store.getMany(keys);
  }

  async *scan(from: Uint8Array, to: Uint8Array): AsyncGenerator<readonly StoreEntry[]> {
    await this.host.delay(this.host.chance.between(0.2, 2));
    yield* this.store.scan(from, to);
  }

  async capture(): Promise<Capture> {
    await this.host.delay(this.host.chance.between(0.2, 2));
    return this.store.capture();
  }

  clear(): Promise<void> {
    return this.host.alive ? this.store.clear() : never();
  }

  close(): Promise<void> {
    return this.host.alive ? this.store.close() : never();
  }
}

/** A medium with the same rows that shares nothing. */
export function copyOf(medium: MemoryMedium): MemoryMedium {
  const { rows, position } = medium.contents;
  const copy = new MemoryMedium();
  if (position === null) return copy;
  const operations: StoreOperation[] = [];
  for (const [name, sealed] of rows.range('', '\u{ffff}')) {
    operations.push({ key: Buffer.from(name, 'latin1'), value: sealed.subarray(0, sealed.length - SEAL_BYTES) });
  }
  copy.apply(operations, position);
  return copy;
}

/** Flips a bit of one of the rows; false if there is none. */
export function damageOne(medium: MemoryMedium, pick: (below: number) => number): boolean {
  const names = [...medium.contents.rows.range('', '\u{ffff}')].map(([name]) => name);
  if (names.length === 0) return false;
  const key = Buffer.from(names[pick(names.length)]!, 'latin1');
  if (nameOf(key) === '') return false;
  return medium.damage(key, (sealed) => {
    const at = pick(sealed.length);
    sealed[at] = sealed[at]! ^ (1 << pick(8));
  });
}
