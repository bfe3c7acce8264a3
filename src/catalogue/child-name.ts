/** How the children of a fan-out are named: by its id with their place behind it, in brackets. */

/** The name of a child. */
export function childName(fanOut: string, place: number): string {
  return `${fanOut}[${place}]`;
}

/** The fan-out and the place that a name is of; null for the name of a job that is no child. */
export function childNamed(name: string): { readonly fanOut: string; readonly place: number } | null {
  const match = /^(.*)\[(\d{1,6})\]$/.exec(name);
  return match === null ? null : { fanOut: match[1]!, place: Number(match[2]) };
}
