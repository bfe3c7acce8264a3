/** YAML, of which JSON is a part, as people write it in files: one document, nested as deeply as anybody reads. */
import {
  Composer,
  type CST,
  type Document,
  isAlias,
  LineCounter,
  type Node,
  type ParsedNode,
  Parser,
  parseDocument,
  visit,
} from 'yaml';
import { checkLevels } from './levels.js';

/**
 * Reads the document. Throws for text that is no YAML, with line and
 * column, for several documents, for depth, and for circles.
 */
export function parseYaml(text: string, lines = new LineCounter()): Document.Parsed<ParsedNode> {
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  for (const token of tokens) if (token.type === 'document') checkLevels<CST.Token>(token, partsOf);
  const [document, second] = new Composer().compose(tokens, true, text.length);
  const [broken] = document!.errors;
  // The same again, for the line and the column of what is wrong.
  if (broken !== undefined) throw parseDocument(text).errors[0] ?? broken;
  if (second === undefined) {
    checkCircles(document!, lines);
    return document!;
  }
  const { line } = lines.linePos(second.range[0]);
  throw new Error(`it holds several documents, the second from line ${line} on, and only one is read`);
}

/** What stands directly in a list or in fields; a document is no level of its own. */
function partsOf(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : partsOf(token.value);
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value].filter((part) => part !== undefined && part !== null));
}

/** Throws for an alias within what it names: read as values, that would have no end, and JSON can't say it. */
function checkCircles(document: Document.Parsed<ParsedNode>, lines: LineCounter): void {
  const anchors = new Map<string, Node>();
  visit(document, {
    Node(_key, node, path) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return;
      }
      const named = anchors.get(node.source);
      if (named === undefined || !path.includes(named)) return;
      const { line, col } = lines.linePos(node.range![0]);
      throw new Error(`the alias *${node.source} stands within what it names, at line ${line}, column ${col}`);
    },
  });
}
