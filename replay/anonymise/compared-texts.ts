/** Texts by whose order conditions go. */
import { Code } from '../../src/catalogue/generated/codes.js';
import type { History } from '../history.js';

const ORDERS: ReadonlySet<unknown> = new Set(['lt', 'le', 'gt', 'ge']);

/** All texts that conditions of a history ask whether another one comes before or after, in the order in which they go. */
export async function comparedTexts(history: History): Promise<readonly string[]> {
  const texts = new Set<string>();
  for await (const { record } of history.read()) {
    for (const { code, body } of record.entries) {
      if (code === Code.SubmitDag) for (const { when } of body.jobs) if (when !== null) addTexts(when, texts);
    }
  }
  return [...texts].sort((a, b) => (a < b ? -1 : 1));
}

function addTexts(when: Uint8Array, texts: Set<string>): void {
  JSON.parse(Buffer.from(when).toString(), (_key, test) => {
    if (ORDERS.has(test?.op) && typeof test.value === 'string') texts.add(test.value);
    return test;
  });
}
