/** A text on a sheet. `x` is its left edge, or its right edge if it is aligned right; `y` its baseline from the top. */
export interface SheetText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly bold: boolean;
  readonly alignRight: boolean;
}

/** A straight line on a sheet. */
export interface SheetRule {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** How a text is set when it is not plain 10 point at the left. */
export interface TextStyle {
  readonly size?: number;
  readonly bold?: boolean;
  readonly alignRight?: boolean;
}

/** A page before it is a PDF page or the picture of one. All lengths in points, origin at the top left. */
export class Sheet {
  readonly texts: SheetText[] = [];
  readonly rules: SheetRule[] = [];

  constructor(
    readonly width = 595,
    readonly height = 842,
  ) {}

  /** Puts a text. */
  text(x: number, y: number, text: string, { size = 10, bold = false, alignRight = false }: TextStyle = {}): this {
    this.texts.push({ text, x, y, size, bold, alignRight });
    return this;
  }

  /** Puts texts below each other and gives the baseline after the last one. */
  column(x: number, y: number, texts: readonly string[], leading = 14, style: TextStyle = {}): number {
    for (const [index, text] of texts.entries()) this.text(x, y + index * leading, text, style);
    return y + texts.length * leading;
  }

  /** Puts a line across. */
  rule(x0: number, y: number, x1: number): this {
    this.rules.push({ x0, y0: y, x1, y1: y });
    return this;
  }

  /** Puts a frame. */
  frame(x0: number, y0: number, x1: number, y1: number): this {
    this.rules.push({ x0, y0, x1, y1: y0 }, { x0, y0: y1, x1, y1 }, { x0, y0, x1: x0, y1 }, { x0: x1, y0, x1, y1 });
    return this;
  }
}
