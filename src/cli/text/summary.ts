import { visible } from './visible.js';

/** Longest value that is shown in a line for people. */
const MAX_SHOWN = 80;

/** The fields of an input or event in one line. */
export function summary(data: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(data).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return `${name}=${text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text}`;
  });
  return visible(parts.join(' '));
}
