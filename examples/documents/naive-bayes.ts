/**
 * A multinomial naive Bayes text classifier with Laplace smoothing (Manning, Raghavan and Schütze, Introduction to
 * Information Retrieval, 2008, section 13.2). Forty lines are all that some two dozen training texts ask for.
 */
export class NaiveBayes<Label extends string> {
  readonly #counts = new Map<Label, { tokens: Map<string, number>; total: number; texts: number }>();
  readonly #vocabulary = new Set<string>();
  readonly #texts: number;

  /** @param samples The training texts of each label; the labels' order decides ties. */
  constructor(samples: Readonly<Record<Label, readonly string[]>>) {
    const labels = Object.entries(samples) as [Label, readonly string[]][];
    this.#texts = labels.reduce((sum, [, texts]) => sum + texts.length, 0);
    for (const [label, texts] of labels) {
      const tokens = new Map<string, number>();
      let total = 0;
      for (const token of texts.flatMap(tokenise)) {
        tokens.set(token, (tokens.get(token) ?? 0) + 1);
        this.#vocabulary.add(token);
        total++;
      }
      this.#counts.set(label, { tokens, total, texts: texts.length });
    }
  }

  /** The likeliest label of a text and its posterior probability. Tokens that were never seen say nothing. */
  classify(text: string): { readonly label: Label; readonly probability: number } {
    const known = tokenise(text).filter((token) => this.#vocabulary.has(token));
    const scores = [...this.#counts].map(([label, { tokens, total, texts }]) => {
      let score = Math.log(texts / this.#texts);
      for (const token of known) score += Math.log(((tokens.get(token) ?? 0) + 1) / (total + this.#vocabulary.size));
      return { label, score };
    });
    const best = scores.reduce((a, b) => (b.score > a.score ? b : a));
    const sum = scores.reduce((total, { score }) => total + Math.exp(score - best.score), 0);
    return { label: best.label, probability: 1 / sum };
  }
}

/** Words in lower case; numbers of one shape become one token, since it is their shape that tells classes apart. */
export function tokenise(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replace(/\d{1,2}:\d{2}/g, ' #time ')
      .replace(/\d[\d.,' ]*[.,]\d{2}(?!\d)/g, ' #amount ')
      .replace(/\d+\s?%/g, ' #percent ')
      .replace(/[€$£]/g, ' #currency ')
      .match(/#?\p{L}{2,}/gu) ?? []
  );
}
