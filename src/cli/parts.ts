import type { FabricConfig } from '../main/config.js';

/** A running embedded fabric. */
export interface RunningFabric {
  readonly url: string;
  close(): Promise<void>;
}

/** What folding a history again has shown. */
export interface Verified {
  readonly turns: number;
  readonly events: number;
  readonly stateHash: string;
  readonly ok: boolean;
  readonly mismatch?: unknown;
}

interface UpModule {
  up(options: FabricConfig & { readonly acceptClock: boolean }): Promise<RunningFabric>;
}

interface VerifyModule {
  verify(
    folder: string,
    options: { readonly onProgress: (done: { readonly turns: number }) => void },
  ): Promise<Verified>;
}

const UP: string = '../main/up.js';
const VERIFY: string = '../../replay/verify.js';

/** The composition of an embedded fabric: loaded by nothing but `marie up`. */
export async function loadUp(): Promise<UpModule> {
  return (await import(UP)) as UpModule;
}

/** The auditor of histories. */
export async function loadVerify(): Promise<VerifyModule> {
  return (await import(VERIFY)) as VerifyModule;
}
