/** What the validator finds, in words for people: of their files and of requests. */
import type { z } from 'zod';

export type Issue = z.core.$ZodIssue;

/** What a value has to be, by what the validator calls it. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['object', 'fields with their values'],
  ['record', 'names with their values'],
  ['array', 'a list'],
  ['tuple', 'a list'],
  ['int', 'a whole number'],
  ['number', 'a number'],
  ['string', 'text'],
]);

/** How the validator's own words begin; anything else a schema says itself. */
const OWN_WORDS = /^(Invalid|Too (small|big)|Unrecognized)\b/;

/** Whether the schema has words of its own for the issue. */
export function isSaid({ message }: Issue): boolean {
  return !OWN_WORDS.test(message);
}

/** An issue as a sentence; one that was written for people already stays. */
export function issueText(issue: Issue): string {
  if (isSaid(issue)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      if (issue.message.endsWith('received undefined')) return 'missing';
      return `must be ${KINDS.get(issue.expected) ?? issue.expected}`;
    case 'too_small':
      return boundText(issue.origin, Number(issue.minimum), issue.inclusive === false ? 'more than' : 'at least');
    case 'too_big':
      return boundText(issue.origin, Number(issue.maximum), issue.inclusive === false ? 'less than' : 'at most');
    case 'invalid_value':
      return issue.values.length < 3
        ? `must be ${issue.values.map(String).join(' or ')}`
        : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_key':
      return `the name ${issue.issues.map(issueText).join(', ')}`;
    case 'invalid_format':
      return `must be a valid ${issue.format}`;
    default:
      return issue.message;
  }
}

function boundText(origin: string, bound: number, comparison: string): string {
  const number = bound.toLocaleString('en');
  if (origin === 'string') return `must have ${comparison} ${number} ${bound === 1 ? 'character' : 'characters'}`;
  if (origin === 'array') return `must have ${comparison} ${number} ${bound === 1 ? 'entry' : 'entries'}`;
  return `must be ${comparison} ${number}`;
}
