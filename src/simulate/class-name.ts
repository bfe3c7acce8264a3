/** Name of an executor class for people: with its group, where that isn't the default one. */
export function className(group: string, executorClass: string): string {
  return group === 'default' || group === '' ? executorClass : `${group}/${executorClass}`;
}
