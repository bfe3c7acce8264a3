import { grown } from './grow.js';

type NumericColumn = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

const MAKE = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, i32: Int32Array, f64: Float64Array } as const;

/** A type of number, and how many bytes one takes. */
export type NumberType = keyof typeof MAKE;
const SIZES: readonly NumberType[] = ['u8', 'u16', 'u32', 'f64'];

/** Numbers of one size that lie side by side, one record for each row, and who is told where they are. */
interface Group {
  base: NumericColumn;
  readonly views: { readonly type: NumberType; readonly tell: (view: NumericColumn) => void }[];
}

/**
 * Columns whose rows are records: `stride` numbers of one size lie side by side, so that all that a row has of them is in
 * memory that is fetched at once. A column is a view that begins where its first number is; row n has the handle
 * n x stride, and each column finds its number at this index. With a stride of 1 each column lies apart.
 */
export class Records {
  private readonly groups: Group[] = [];

  constructor(
    private readonly stride: number,
    public capacity: number,
  ) {}

  /** Adds a column; the first ones of a size share the first record. `tell` is called now and after each growth. */
  add(type: NumberType, tell: (view: NumericColumn) => void): void {
    const size = MAKE[type].BYTES_PER_ELEMENT;
    let group = this.groups.find(({ base, views }) => base.BYTES_PER_ELEMENT === size && views.length < this.stride);
    if (group === undefined) {
      const base = SIZES.find((one) => MAKE[one].BYTES_PER_ELEMENT === size)!;
      group = { base: new MAKE[base](this.capacity), views: [] };
      this.groups.push(group);
    }
    group.views.push({ type, tell });
    this.publish(group);
  }

  /** Makes room for handles below `capacity`. */
  grow(capacity: number): void {
    this.capacity = capacity;
    for (const group of this.groups) {
      group.base = grown(group.base, capacity);
      this.publish(group);
    }
  }

  private publish({ base, views }: Group): void {
    views.forEach(({ type, tell }, place) => {
      tell(new MAKE[type](base.buffer as ArrayBuffer, place * base.BYTES_PER_ELEMENT, base.length - place));
    });
  }
}
