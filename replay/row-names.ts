import { classOfFlow } from '../src/kernel/rows/keys.js';
import type { Names } from './names.js';

/** What a row is about, by the names that people know; null where it has none. */
export async function nameOfRow(
  names: Names,
  table: string,
  [keyA, keyB]: readonly [number, number],
): Promise<string | null> {
  switch (table) {
    case 'dag': {
      const { tenant, dag } = await names.dag(keyA);
      return `${tenant}/${dag}`;
    }
    case 'job':
    case 'fan': {
      const { tenant, dag, job } = await names.job(keyA, keyB);
      return `${tenant}/${dag} ${job}`;
    }
    case 'flow': {
      const { tenant, dag } = await names.dag(keyA);
      return `${tenant}/${dag} in ${names.class(classOfFlow(keyB))}`;
    }
    case 'executor':
      return names.executor(keyA);
    case 'class':
      return names.class(keyA);
    case 'tenant':
      return names.tenant(keyA);
    default:
      return null;
  }
}
