import { isNode, isScalar, LineCounter, visit } from 'yaml';
import type { FormProblem } from './form-error.js';
import { parseYaml } from './yaml.js';

/** A file of people's in YAML, of which JSON is a part: what it says, and at which lines. */
export class FormFile {
  private readonly lines = new LineCounter();
  private readonly document;
  readonly value: unknown;

  /** Throws what `parseYaml` does, for names of parts that there are none of, and for a key that nothing would read. */
  constructor(text: string) {
    this.document = parseYaml(text, this.lines);
    this.checkKeys();
    this.value = this.document.toJS();
  }

  /** What validates the file passes over this key in silence: in JavaScript it names something of every object. */
  private checkKeys(): void {
    visit(this.document, {
      Pair: (_, { key }) => {
        if (!isScalar(key) || key.value !== '__proto__') return;
        const { line, col } = this.lines.linePos(key.range![0]);
        throw new Error(`nothing can be named __proto__ here, as at line ${line}, column ${col}`);
      },
    });
  }

  /** The problem with its line: of what it is about, or of the nearest thing around that which is there. */
  located(problem: FormProblem): FormProblem {
    const parts = problem.path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    for (let length = parts.length; length > 0; length--) {
      const node = this.document.getIn(parts.slice(0, length), true);
      if (isNode(node) && node.range) return { ...problem, line: this.lines.linePos(node.range[0]).line };
    }
    return problem;
  }
}
