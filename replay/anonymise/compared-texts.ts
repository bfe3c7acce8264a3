/** Texts by whose order conditions go. */
import { Code } from '../../src/catalogue/generated/codes.js';
import type { History } from '../history.js';

const ORDERS: ReadonlySet<unknown> = new Set(['lt', 'le', 'gt', 'ge']);

/** Texts that a history has, up to its last turn. */
export interface ComparedTexts {
  /** In the order by which they are compared. */
  readonly texts: readonly string[];
  /** Zero where there is none. */
  readonly lastTurn: number;
}

/** All texts that conditions of a history ask whether another one comes before or after. */
export async function comparedTexts(history: History): Promise<ComparedTexts> {
  const texts = new Set<string>();
  let lastTurn = 0;
  for await (const { record } of history.read()) {
    lastTurn = record.turn;
    for (const { code, body } of record.entries) {
      if (code === Code.SubmitDag) for (const { when } of body.jobs) if (when !== null) addTexts(when, texts);
    }
  }
  return { texts: [...texts].sort((a, b) => (a < b ? -1 : 1)), lastTurn };
}

function addTexts(when: Uint8Array, texts: Set<string>): void {
  JSON.parse(Buffer.from(when).toString(), (_key, test) => {
    if (ORDERS.has(test?.op) && typeof test.value === 'string') texts.add(test.value);
    return test;
  });
}
