import { isNode, LineCounter } from 'yaml';
import type { FormProblem } from './form-error.js';
import { parseYaml } from './yaml.js';

/** A file of people's in YAML, of which JSON is a part: what it says, and at which lines. */
export class FormFile {
  private readonly lines = new LineCounter();
  private readonly document;
  readonly value: unknown;

  /** Throws what `parseYaml` does, and for names of parts that there are none of. */
  constructor(text: string) {
    this.document = parseYaml(text, this.lines);
    this.value = this.document.toJS();
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
