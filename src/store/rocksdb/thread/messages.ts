/** What the thread of a store and its user tell each other. Bytes are transferred, not copied. */
import type { StoreErrorCode } from '../../errors.js';
import type { Detached } from '../../packed.js';
import type { OpenedStore, StorePosition } from '../../port.js';
import type { RocksStoreOptions } from '../open.js';

/** A call, and what it is answered with. */
export interface Calls {
  open: { readonly asks: RocksStoreOptions; readonly gives: Found };
  /** The operations come back empty, for their room. */
  write: {
    readonly asks: { readonly operations: Detached; readonly position: StorePosition };
    readonly gives: Detached;
  };
  /** Keys without values; gives a value, or none, for each, without a key. */
  getMany: { readonly asks: Detached; readonly gives: Detached };
  /** Begins a scan; gives its number. */
  scan: { readonly asks: { readonly from: Uint8Array; readonly to: Uint8Array }; readonly gives: number };
  /** Begins a scan of all; gives its number, and what it stands for. */
  capture: { readonly asks: null; readonly gives: { readonly scan: number; readonly position: StorePosition | null } };
  /** The next entries of a scan; null at its end. */
  next: { readonly asks: number; readonly gives: Detached | null };
  end: { readonly asks: number; readonly gives: null };
  clear: { readonly asks: null; readonly gives: null };
  close: { readonly asks: null; readonly gives: null };
}

export type CallName = keyof Calls;

/** What opening found. */
export interface Found extends Omit<OpenedStore, 'store'> {
  readonly position: StorePosition | null;
}

export type Request = {
  [Name in CallName]: { readonly id: number; readonly call: Name; readonly asks: Calls[Name]['asks'] };
}[CallName];

export type Answer =
  | { readonly id: number; readonly gives: Calls[CallName]['gives'] }
  | { readonly id: number; readonly fault: Fault };

/** An error on its way between threads. */
export interface Fault {
  /** Null for what is no fault of the store: a failed assertion. */
  readonly code: StoreErrorCode | null;
  readonly message: string;
  readonly cause: string | null;
}
