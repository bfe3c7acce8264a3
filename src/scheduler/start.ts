/** How a fold is opened: the store, the journal behind it, and the rows of both in memory. */
import { Kernel } from '../kernel/kernel.js';
import { type OpenedStore, type SetAside, StoreCorrupt, type StorePosition } from '../store/index.js';
import { type BootstrapSources, openAtStore, type WithJournal } from './bootstrap.js';
import { giveUp, runAll } from './endings.js';
import { catchUp, type FoldPosition, restore } from './recovery.js';
import { ColdRows } from './rows/cold.js';
import { Materializer } from './rows/materializer.js';
import { RestingDags } from './rows/resting-dags.js';

/** What a fold is opened from. `J` is what opening the journal gives. */
export interface FoldSources<J extends WithJournal> extends BootstrapSources<J> {
  openStore(): Promise<OpenedStore>;
  /** Hears of a store that can't be used: it is kept under another name, and an empty one takes its place. */
  readonly onSetAside?: ((what: SetAside) => void) | undefined;
  /** Rows that may be dirty before they are stored while the journal's tail is folded. */
  readonly dirtyPerBatch?: number;
  /** Rows that terminal DAGs may take in memory. */
  readonly restingRows?: number | undefined;
}

/** A fold that stands where the journal ends, ready to be decided on. */
export interface OpenedFold<J extends WithJournal> {
  readonly opened: OpenedStore;
  readonly journal: J;
  /** What the store stood for when it was opened, or was filled from a snapshot. */
  readonly stored: StorePosition | null;
  readonly kernel: Kernel;
  readonly cold: ColdRows;
  readonly materializer: Materializer;
  readonly position: FoldPosition;
  /** Closes journal and store. */
  close(): Promise<void>;
}

/**
 * Opens store and journal and folds the journal's tail. A store that turns out to be corrupt is set aside, and rebuilt
 * from a snapshot or the journal. Whatever is thrown, both are closed.
 */
export async function openFold<J extends WithJournal>(sources: FoldSources<J>): Promise<OpenedFold<J>> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await openOnce(sources);
    } catch (error) {
      if (!(error instanceof StoreCorrupt) || attempt > 1) throw error;
    }
  }
}

async function openOnce<J extends WithJournal>(sources: FoldSources<J>): Promise<OpenedFold<J>> {
  const opened = await sources.openStore();
  if (opened.setAside !== null) sources.onSetAside?.(opened.setAside);
  const { store } = opened;
  const closing = [() => store.close()];
  // What was opened last is closed first.
  const close = (): Promise<void> => runAll(closing.splice(0).reverse());
  try {
    const journal = await openAtStore(sources, store);
    const stored = store.position();
    closing.push(() => journal.journal.close());
    const kernel = new Kernel();
    const cold = new ColdRows(store);
    const materializer = new Materializer(kernel.state, store, cold, new RestingDags(sources.restingRows));
    await restore(materializer);
    const position = await catchUp(materializer, journal.journal, sources);
    kernel.indexes.rebuild();
    return { opened, journal, stored, kernel, cold, materializer, position, close };
  } catch (error) {
    return giveUp(error, close);
  }
}
