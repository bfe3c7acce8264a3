/** YAML, of which JSON is a part, as people write it in files: one document, nested as deeply as anybody reads. */
import { type CST, type Document, LineCounter, type ParsedNode, Parser, parseDocument } from 'yaml';

/** Lists and fields inside each other. The library takes a call for each, and some thousands of them end the process. */
export const MAX_LEVELS = 200;

/** Reads the document. Throws for text that is no YAML, with line and column, for several documents, and for depth. */
export function parseYaml(text: string, lines = new LineCounter()): Document.Parsed<ParsedNode> {
  for (const token of new Parser().parse(text)) {
    if (isTooDeep(token)) throw new Error(`it is nested too deeply: at most ${MAX_LEVELS} levels are read`);
  }
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken === undefined) return document;
  if (broken.code !== 'MULTIPLE_DOCS') throw broken;
  const { line } = lines.linePos(broken.pos[0]);
  throw new Error(`it holds several documents, the second from line ${line} on, and only one is read`);
}

/** Looks level by level: a call for each would need the stack that this is about. */
function isTooDeep(token: CST.Token): boolean {
  let level: readonly CST.Token[] = [token];
  for (let depth = -1; depth <= MAX_LEVELS; depth += 1) {
    level = level.flatMap(partsOf);
    if (level.length === 0) return false;
  }
  return true;
}

/** What stands directly in a document, a list or fields. */
function partsOf(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value].filter((part) => part !== undefined && part !== null));
}
