const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Calls `drain` at the first SIGTERM or SIGINT and exits when it is done: 0 unless the process has another exit code by
 * then, or 1 when it failed. A second signal exits at once. Returns how to take the handlers away again.
 */
export function drainOnSignals(drain: () => Promise<void>): () => void {
  let draining = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (draining) process.exit(signal === 'SIGINT' ? 130 : 143);
    draining = true;
    drain().then(
      () => process.exit(),
      () => process.exit(1),
    );
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}
