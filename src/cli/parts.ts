/** What folding a history again has shown. */
export interface Verified {
  readonly turns: number;
  readonly events: number;
  readonly stateHash: string;
  readonly ok: boolean;
  readonly mismatch?: unknown;
}

interface VerifyModule {
  verify(
    folder: string,
    options: { readonly onProgress: (done: { readonly turns: number }) => void },
  ): Promise<Verified>;
}

const VERIFY: string = '../../replay/verify.js';

/** The auditor of histories. */
export async function loadVerify(): Promise<VerifyModule> {
  return (await import(VERIFY)) as VerifyModule;
}
