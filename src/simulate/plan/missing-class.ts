import { className } from '../class-name.js';
import type { Plan } from './plan.js';

/** Classes that are listed at most where one is missing. */
const MAX_LISTED = 10;

/** What is wrong with a class that a job needs: that a plan has no executors of it; null: there are. */
export function missingClass({ classes }: Pick<Plan, 'classes'>, group: string, executorClass: string): string | null {
  const all = Object.entries(classes).map(([name, one]) => ({ name, group: one.group }));
  const wanted = className(group, executorClass);
  if (all.some((one) => className(one.group, one.name) === wanted)) return null;
  // A plan has each name once, so that it can be in one other group only.
  const elsewhere = all.find(({ name }) => name === executorClass);
  if (elsewhere !== undefined) {
    return `there is ${executorClass} in the group ${elsewhere.group}, not in ${group === '' ? 'default' : group}`;
  }
  const listed = all.slice(0, MAX_LISTED).map((one) => className(one.group, one.name));
  const more = all.length > MAX_LISTED ? ` and ${all.length - MAX_LISTED} more` : '';
  return `classes has no ${wanted}; there are ${listed.join(', ')}${more}`;
}
