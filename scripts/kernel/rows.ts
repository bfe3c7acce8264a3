import type { Fields, FieldType } from '../../src/kernel/rows/table.js';
import { placeOf } from '../../src/kernel/rows/turn-log.js';

/** A table of which a class is made. */
export interface TableOfRows {
  readonly id: number;
  readonly name: string;
  /** The constant of tables.ts that has its fields. */
  readonly constant: string;
  readonly fields: Fields;
  /** What its rows are found by: two numbers, a sequence number and 0, or in another way. */
  readonly key: 'pair' | 'sequence' | 'none';
}

/** One of a table's fields, as the methods that change it need it. */
interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** Its bit among those that the open turn has touched. */
  readonly bit: number;
  /** The table's number and its own in one, as the turn's log keeps them. */
  readonly place: number;
}

const HEADER = `// Generated from src/kernel/rows/tables.ts by \`npm run generate\`. Do not edit.
import { type Adders, type Columns, type Setters, Table, type TableShape } from '../rows/table.js';
import * as T from '../rows/tables.js';
import { KeyIndex } from '../structures/key-index.js';
import { SequenceIndex } from '../structures/sequence-index.js';
`;

/**
 * The text of rows.ts: for each table a class of its own, with its columns by name, what sets them, and what adds to them.
 *
 * It is generated for the sake of V8. What it compiles for a field is some tens of instructions where the field, its
 * type and the classes of all that is on the way to it are constants; a function that serves all tables took two
 * hundred.
 */
export function rowsFile(tables: readonly TableOfRows[]): string {
  return (
    HEADER + tables.map((table) => columnsClass(table) + setClass(table) + addClass(table) + rowsClass(table)).join('')
  );
}

/** `fairDag` -> `FairDag`. */
function classOf({ name }: TableOfRows): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** `fairDag` -> `FAIR_DAG`: the constant of tables.ts that has a table's fields. */
export function constantOf(table: string): string {
  return table.replaceAll(/(?=[A-Z])/g, '_').toUpperCase();
}

function fieldsOf({ id, fields }: TableOfRows): Field[] {
  return Object.entries(fields).map(([name, type], i) => ({ name, type, bit: 1 << i, place: placeOf(id, i) }));
}

const EMPTY: Readonly<Record<FieldType, string>> = {
  u8: 'new Uint8Array(0)',
  u16: 'new Uint16Array(0)',
  u32: 'new Uint32Array(0)',
  i32: 'new Int32Array(0)',
  f64: 'new Float64Array(0)',
  str: '[] as string[]',
};

/** Arrays of their types from the beginning: V8 then knows what is read there, as long as nothing else is ever put there. */
function columnsClass(table: TableOfRows): string {
  return `
class ${classOf(table)}Columns implements Columns<typeof T.${table.constant}> {
${fieldsOf(table)
  .map(({ name, type }) => `  ${name}: Columns<typeof T.${table.constant}>['${name}'] = ${EMPTY[type]};\n`)
  .join('')}}
`;
}

function setClass(table: TableOfRows): string {
  const fields = fieldsOf(table);
  return `
class ${classOf(table)}Set implements Setters<typeof T.${table.constant}> {
  constructor(
    private readonly table: Table,
    private readonly c: ${classOf(table)}Columns,
  ) {}
${fields.map(setter).join('')}${emptier(fields)}}
`;
}

function setter({ name, type, bit, place }: Field): string {
  const isText = type === 'str';
  return `
  ${name}(row: number, value: ${isText ? 'string' : 'number'}): void {
    const column = this.c.${name};
    const before = column[row]${isText ? " ?? ''" : '!'};
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & ${bit}) === 0) this.table.${isText ? 'noteText' : 'note'}(row, touched | ${bit}, ${place}, before);
    column[row] = value;
  }
`;
}

/** Fields are emptied one after the other; what is empty already is neither written to nor noted. */
function emptier(fields: readonly Field[]): string {
  const texts = fields.filter(({ type }) => type === 'str');
  const numbers = fields.filter(({ type }) => type !== 'str');
  return `
  empty(row: number): void {
    const { c } = this;
${texts.map(({ name }) => `    this.${name}(row, '');\n`).join('')}\
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
${numbers.map(emptyNumber).join('')}\
    touched[row] = now;
  }
`;
}

function emptyNumber({ name, bit, place }: Field): string {
  return `    old = c.${name}[row]!;
    if (old !== 0) {
      if ((now & ${bit}) === 0) log.add(${place}, row, old);
      now |= ${bit};
      c.${name}[row] = 0;
    }
`;
}

function addClass(table: TableOfRows): string {
  const fields = fieldsOf(table).filter(({ type }) => type !== 'str');
  return `
class ${classOf(table)}Add implements Adders<typeof T.${table.constant}> {
  constructor(
    private readonly table: Table,
    private readonly c: ${classOf(table)}Columns,
    private readonly set: ${classOf(table)}Set,
  ) {}
${fields.map(adder).join('')}}
`;
}

function adder({ name, type }: Field): string {
  const check = type === 'i32' ? '' : `    if (value < 0) this.table.refuse('${name}', value);\n`;
  return `
  ${name}(row: number, amount: number): number {
    const value = this.c.${name}[row]! + amount;
${check}    this.set.${name}(row, value);
    return value;
  }
`;
}

function rowsClass(table: TableOfRows): string {
  const name = classOf(table);
  const type = `typeof T.${table.constant}`;
  const index = table.key === 'sequence' ? 'SequenceIndex' : 'KeyIndex';
  return `
/** Rows of \`${table.name}\`. */
export class ${name}Rows {
  /** Columns by name. */
  readonly c = new ${name}Columns();
  readonly table: Table<${type}>;
  readonly set: ${name}Set;
  readonly add: ${name}Add;
${table.key === 'none' ? '' : `  private readonly index: ${index};\n`}
  constructor(shape?: TableShape<${type}>) {
    this.table = new Table(${table.id}, '${table.name}', T.${table.constant}, shape, this.c, ${table.key === 'sequence'});
${table.key === 'none' ? '' : `    this.index = this.table.index as ${index};\n`}\
    this.set = new ${name}Set(this.table, this.c);
    this.add = new ${name}Add(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }
${table.key === 'none' ? '' : found(table.key === 'sequence')}}
`;
}

function found(isSequence: boolean): string {
  return `
  /** The handle of the row with this key, 0 when there is none. */
  find(${isSequence ? 'seq: number' : 'keyA: number, keyB = 0'}): number {
    return this.index.get(${isSequence ? 'seq' : 'keyA, keyB'});
  }

  /** The row with this key, made if it is not there. */
  row(${isSequence ? 'seq: number' : 'keyA: number, keyB = 0'}): number {
    const handle = this.index.get(${isSequence ? 'seq' : 'keyA, keyB'});
    return handle === 0 ? this.table.make(${isSequence ? 'seq, 0' : 'keyA, keyB'}) : handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back.
   */
  clear(row: number): void {
    this.set.empty(row);
    this.table.remove(row);
  }
`;
}
