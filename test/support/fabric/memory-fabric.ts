/** A fabric of one process, all of whose parts are in memory, by the test's clocks. */
import { sealInput } from '../../../src/catalogue/codec.js';
import type { InputCode } from '../../../src/catalogue/generated/types.js';
import type { Journal } from '../../../src/journal/port.js';
import { LAYOUT } from '../../../src/kernel/rows/tables.js';
import { systemTimers } from '../../../src/main/adapters/system.js';
import { type EmbeddedFabric, type FabricParts, openFabric } from '../../../src/main/fabric.js';
import { MemoryJournal } from '../memory/journal.js';
import { openMemoryStore } from '../memory/open-store.js';

const CELL = 'main';

/** Whoever opens it closes it. */
export async function openMemoryFabric(
  clocks: FabricParts['clocks'],
  journal: Journal = new MemoryJournal(CELL),
  timers: FabricParts['timers'] = systemTimers,
): Promise<EmbeddedFabric> {
  const fabric = await openFabric({
    cell: CELL,
    clocks,
    timers,
    writer: new Uint8Array(16),
    syncEveryMs: 0,
    acceptClock: true,
    openStore: () => openMemoryStore({ cell: CELL, layout: LAYOUT }),
    openJournal: async () => ({ journal, cut: null }),
  });
  await fabric.leader.start();
  return fabric;
}

/** Puts inputs into a fabric's inbox, as an edge does, each with an id of its own. */
export function puttingInto({ inbox }: Pick<EmbeddedFabric, 'inbox'>) {
  let count = 0;
  return (code: InputCode, body: object) => {
    const sender = { inputId: `i-${count++}`, receivedAtMs: 0, principal: null, traceparent: null };
    return inbox.put(sealInput(code, sender, body as never));
  };
}
