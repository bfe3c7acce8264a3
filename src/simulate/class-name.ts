/**
 * Name of an executor class for people: with its group, where that isn't the default one. Two classes never share a
 * name: one whose own name, or whose group's, could be read otherwise is given in quotes.
 */
export function className(group: string, executorClass: string): string {
  const isDefault = group === 'default' || group === '';
  if (isDefault && !isAmbiguous(executorClass)) return executorClass;
  return `${quoted(isDefault ? 'default' : group)}/${quoted(executorClass)}`;
}

function isAmbiguous(name: string): boolean {
  return name.includes('/') || name.includes('"');
}

function quoted(name: string): string {
  return isAmbiguous(name) ? JSON.stringify(name) : name;
}
