// Generated from src/kernel/rows/tables.ts by `npm run generate`. Do not edit.
import { type Adders, type Columns, type Setters, Table, type TableShape } from '../rows/table.js';
import * as T from '../rows/tables.js';
import { KeyIndex } from '../structures/key-index.js';
import { SequenceIndex } from '../structures/sequence-index.js';

class CellColumns implements Columns<typeof T.CELL> {
  nextDag: Columns<typeof T.CELL>['nextDag'] = new Float64Array(0);
  nextTenant: Columns<typeof T.CELL>['nextTenant'] = new Float64Array(0);
  nextClass: Columns<typeof T.CELL>['nextClass'] = new Uint32Array(0);
  nextExecutor: Columns<typeof T.CELL>['nextExecutor'] = new Float64Array(0);
  nextToken: Columns<typeof T.CELL>['nextToken'] = new Float64Array(0);
  nextReady: Columns<typeof T.CELL>['nextReady'] = new Float64Array(0);
  nextFlow: Columns<typeof T.CELL>['nextFlow'] = new Float64Array(0);
  nextCursor: Columns<typeof T.CELL>['nextCursor'] = new Float64Array(0);
  nextSession: Columns<typeof T.CELL>['nextSession'] = new Float64Array(0);
  nextRelease: Columns<typeof T.CELL>['nextRelease'] = new Float64Array(0);
  firstRemembered: Columns<typeof T.CELL>['firstRemembered'] = new Float64Array(0);
  nextRemembered: Columns<typeof T.CELL>['nextRemembered'] = new Float64Array(0);
  firstRetired: Columns<typeof T.CELL>['firstRetired'] = new Float64Array(0);
  nextRetired: Columns<typeof T.CELL>['nextRetired'] = new Float64Array(0);
  openDags: Columns<typeof T.CELL>['openDags'] = new Float64Array(0);
  knownJobs: Columns<typeof T.CELL>['knownJobs'] = new Float64Array(0);
  retiredJobs: Columns<typeof T.CELL>['retiredJobs'] = new Float64Array(0);
  maxKnownJobs: Columns<typeof T.CELL>['maxKnownJobs'] = new Float64Array(0);
  retainTerminalMs: Columns<typeof T.CELL>['retainTerminalMs'] = new Float64Array(0);
  retainTerminalJobs: Columns<typeof T.CELL>['retainTerminalJobs'] = new Float64Array(0);
  noLossBeforeMs: Columns<typeof T.CELL>['noLossBeforeMs'] = new Float64Array(0);
  longestSessionMs: Columns<typeof T.CELL>['longestSessionMs'] = new Float64Array(0);
  policy: Columns<typeof T.CELL>['policy'] = [] as string[];
  nextDeparted: Columns<typeof T.CELL>['nextDeparted'] = new Float64Array(0);
  retainExecutorsMs: Columns<typeof T.CELL>['retainExecutorsMs'] = new Float64Array(0);
  policyToken: Columns<typeof T.CELL>['policyToken'] = new Float64Array(0);
  wentOnAtMs: Columns<typeof T.CELL>['wentOnAtMs'] = new Float64Array(0);
  unheardMs: Columns<typeof T.CELL>['unheardMs'] = new Float64Array(0);
}

class CellSet implements Setters<typeof T.CELL> {
  constructor(
    private readonly table: Table,
    private readonly c: CellColumns,
  ) {}

  nextDag(row: number, value: number): void {
    const column = this.c.nextDag;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1) === 0) this.table.note(row, touched | 1, 32, before);
    column[row] = value;
  }

  nextTenant(row: number, value: number): void {
    const column = this.c.nextTenant;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2) === 0) this.table.note(row, touched | 2, 33, before);
    column[row] = value;
  }

  nextClass(row: number, value: number): void {
    const column = this.c.nextClass;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4) === 0) this.table.note(row, touched | 4, 34, before);
    column[row] = value;
  }

  nextExecutor(row: number, value: number): void {
    const column = this.c.nextExecutor;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8) === 0) this.table.note(row, touched | 8, 35, before);
    column[row] = value;
  }

  nextToken(row: number, value: number): void {
    const column = this.c.nextToken;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16) === 0) this.table.note(row, touched | 16, 36, before);
    column[row] = value;
  }

  nextReady(row: number, value: number): void {
    const column = this.c.nextReady;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 32) === 0) this.table.note(row, touched | 32, 37, before);
    column[row] = value;
  }

  nextFlow(row: number, value: number): void {
    const column = this.c.nextFlow;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 64) === 0) this.table.note(row, touched | 64, 38, before);
    column[row] = value;
  }

  nextCursor(row: number, value: number): void {
    const column = this.c.nextCursor;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 128) === 0) this.table.note(row, touched | 128, 39, before);
    column[row] = value;
  }

  nextSession(row: number, value: number): void {
    const column = this.c.nextSession;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 256) === 0) this.table.note(row, touched | 256, 40, before);
    column[row] = value;
  }

  nextRelease(row: number, value: number): void {
    const column = this.c.nextRelease;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 512) === 0) this.table.note(row, touched | 512, 41, before);
    column[row] = value;
  }

  firstRemembered(row: number, value: number): void {
    const column = this.c.firstRemembered;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1024) === 0) this.table.note(row, touched | 1024, 42, before);
    column[row] = value;
  }

  nextRemembered(row: number, value: number): void {
    const column = this.c.nextRemembered;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2048) === 0) this.table.note(row, touched | 2048, 43, before);
    column[row] = value;
  }

  firstRetired(row: number, value: number): void {
    const column = this.c.firstRetired;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4096) === 0) this.table.note(row, touched | 4096, 44, before);
    column[row] = value;
  }

  nextRetired(row: number, value: number): void {
    const column = this.c.nextRetired;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8192) === 0) this.table.note(row, touched | 8192, 45, before);
    column[row] = value;
  }

  openDags(row: number, value: number): void {
    const column = this.c.openDags;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16384) === 0) this.table.note(row, touched | 16384, 46, before);
    column[row] = value;
  }

  knownJobs(row: number, value: number): void {
    const column = this.c.knownJobs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 32768) === 0) this.table.note(row, touched | 32768, 47, before);
    column[row] = value;
  }

  retiredJobs(row: number, value: number): void {
    const column = this.c.retiredJobs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 65536) === 0) this.table.note(row, touched | 65536, 48, before);
    column[row] = value;
  }

  maxKnownJobs(row: number, value: number): void {
    const column = this.c.maxKnownJobs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 131072) === 0) this.table.note(row, touched | 131072, 49, before);
    column[row] = value;
  }

  retainTerminalMs(row: number, value: number): void {
    const column = this.c.retainTerminalMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 262144) === 0) this.table.note(row, touched | 262144, 50, before);
    column[row] = value;
  }

  retainTerminalJobs(row: number, value: number): void {
    const column = this.c.retainTerminalJobs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 524288) === 0) this.table.note(row, touched | 524288, 51, before);
    column[row] = value;
  }

  noLossBeforeMs(row: number, value: number): void {
    const column = this.c.noLossBeforeMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1048576) === 0) this.table.note(row, touched | 1048576, 52, before);
    column[row] = value;
  }

  longestSessionMs(row: number, value: number): void {
    const column = this.c.longestSessionMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2097152) === 0) this.table.note(row, touched | 2097152, 53, before);
    column[row] = value;
  }

  policy(row: number, value: string): void {
    const column = this.c.policy;
    const before = column[row] ?? '';
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4194304) === 0) this.table.noteText(row, touched | 4194304, 54, before);
    column[row] = value;
  }

  nextDeparted(row: number, value: number): void {
    const column = this.c.nextDeparted;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8388608) === 0) this.table.note(row, touched | 8388608, 55, before);
    column[row] = value;
  }

  retainExecutorsMs(row: number, value: number): void {
    const column = this.c.retainExecutorsMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16777216) === 0) this.table.note(row, touched | 16777216, 56, before);
    column[row] = value;
  }

  policyToken(row: number, value: number): void {
    const column = this.c.policyToken;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 33554432) === 0) this.table.note(row, touched | 33554432, 57, before);
    column[row] = value;
  }

  wentOnAtMs(row: number, value: number): void {
    const column = this.c.wentOnAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 67108864) === 0) this.table.note(row, touched | 67108864, 58, before);
    column[row] = value;
  }

  unheardMs(row: number, value: number): void {
    const column = this.c.unheardMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 134217728) === 0) this.table.note(row, touched | 134217728, 59, before);
    column[row] = value;
  }

  empty(row: number): void {
    const { c } = this;
    this.policy(row, '');
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
    old = c.nextDag[row]!;
    if (old !== 0) {
      if ((now & 1) === 0) log.add(32, row, old);
      now |= 1;
      c.nextDag[row] = 0;
    }
    old = c.nextTenant[row]!;
    if (old !== 0) {
      if ((now & 2) === 0) log.add(33, row, old);
      now |= 2;
      c.nextTenant[row] = 0;
    }
    old = c.nextClass[row]!;
    if (old !== 0) {
      if ((now & 4) === 0) log.add(34, row, old);
      now |= 4;
      c.nextClass[row] = 0;
    }
    old = c.nextExecutor[row]!;
    if (old !== 0) {
      if ((now & 8) === 0) log.add(35, row, old);
      now |= 8;
      c.nextExecutor[row] = 0;
    }
    old = c.nextToken[row]!;
    if (old !== 0) {
      if ((now & 16) === 0) log.add(36, row, old);
      now |= 16;
      c.nextToken[row] = 0;
    }
    old = c.nextReady[row]!;
    if (old !== 0) {
      if ((now & 32) === 0) log.add(37, row, old);
      now |= 32;
      c.nextReady[row] = 0;
    }
    old = c.nextFlow[row]!;
    if (old !== 0) {
      if ((now & 64) === 0) log.add(38, row, old);
      now |= 64;
      c.nextFlow[row] = 0;
    }
    old = c.nextCursor[row]!;
    if (old !== 0) {
      if ((now & 128) === 0) log.add(39, row, old);
      now |= 128;
      c.nextCursor[row] = 0;
    }
    old = c.nextSession[row]!;
    if (old !== 0) {
      if ((now & 256) === 0) log.add(40, row, old);
      now |= 256;
      c.nextSession[row] = 0;
    }
    old = c.nextRelease[row]!;
    if (old !== 0) {
      if ((now & 512) === 0) log.add(41, row, old);
      now |= 512;
      c.nextRelease[row] = 0;
    }
    old = c.firstRemembered[row]!;
    if (old !== 0) {
      if ((now & 1024) === 0) log.add(42, row, old);
      now |= 1024;
      c.firstRemembered[row] = 0;
    }
    old = c.nextRemembered[row]!;
    if (old !== 0) {
      if ((now & 2048) === 0) log.add(43, row, old);
      now |= 2048;
      c.nextRemembered[row] = 0;
    }
    old = c.firstRetired[row]!;
    if (old !== 0) {
      if ((now & 4096) === 0) log.add(44, row, old);
      now |= 4096;
      c.firstRetired[row] = 0;
    }
    old = c.nextRetired[row]!;
    if (old !== 0) {
      if ((now & 8192) === 0) log.add(45, row, old);
      now |= 8192;
      c.nextRetired[row] = 0;
    }
    old = c.openDags[row]!;
    if (old !== 0) {
      if ((now & 16384) === 0) log.add(46, row, old);
      now |= 16384;
      c.openDags[row] = 0;
    }
    old = c.knownJobs[row]!;
    if (old !== 0) {
      if ((now & 32768) === 0) log.add(47, row, old);
      now |= 32768;
      c.knownJobs[row] = 0;
    }
    old = c.retiredJobs[row]!;
    if (old !== 0) {
      if ((now & 65536) === 0) log.add(48, row, old);
      now |= 65536;
      c.retiredJobs[row] = 0;
    }
    old = c.maxKnownJobs[row]!;
    if (old !== 0) {
      if ((now & 131072) === 0) log.add(49, row, old);
      now |= 131072;
      c.maxKnownJobs[row] = 0;
    }
    old = c.retainTerminalMs[row]!;
    if (old !== 0) {
      if ((now & 262144) === 0) log.add(50, row, old);
      now |= 262144;
      c.retainTerminalMs[row] = 0;
    }
    old = c.retainTerminalJobs[row]!;
    if (old !== 0) {
      if ((now & 524288) === 0) log.add(51, row, old);
      now |= 524288;
      c.retainTerminalJobs[row] = 0;
    }
    old = c.noLossBeforeMs[row]!;
    if (old !== 0) {
      if ((now & 1048576) === 0) log.add(52, row, old);
      now |= 1048576;
      c.noLossBeforeMs[row] = 0;
    }
    old = c.longestSessionMs[row]!;
    if (old !== 0) {
      if ((now & 2097152) === 0) log.add(53, row, old);
      now |= 2097152;
      c.longestSessionMs[row] = 0;
    }
    old = c.nextDeparted[row]!;
    if (old !== 0) {
      if ((now & 8388608) === 0) log.add(55, row, old);
      now |= 8388608;
      c.nextDeparted[row] = 0;
    }
    old = c.retainExecutorsMs[row]!;
    if (old !== 0) {
      if ((now & 16777216) === 0) log.add(56, row, old);
      now |= 16777216;
      c.retainExecutorsMs[row] = 0;
    }
    old = c.policyToken[row]!;
    if (old !== 0) {
      if ((now & 33554432) === 0) log.add(57, row, old);
      now |= 33554432;
      c.policyToken[row] = 0;
    }
    old = c.wentOnAtMs[row]!;
    if (old !== 0) {
      if ((now & 67108864) === 0) log.add(58, row, old);
      now |= 67108864;
      c.wentOnAtMs[row] = 0;
    }
    old = c.unheardMs[row]!;
    if (old !== 0) {
      if ((now & 134217728) === 0) log.add(59, row, old);
      now |= 134217728;
      c.unheardMs[row] = 0;
    }
    touched[row] = now;
  }
}

class CellAdd implements Adders<typeof T.CELL> {
  constructor(
    private readonly table: Table,
    private readonly c: CellColumns,
    private readonly set: CellSet,
  ) {}

  nextDag(row: number, amount: number): number {
    const value = this.c.nextDag[row]! + amount;
    if (value < 0) this.table.refuse('nextDag', value);
    this.set.nextDag(row, value);
    return value;
  }

  nextTenant(row: number, amount: number): number {
    const value = this.c.nextTenant[row]! + amount;
    if (value < 0) this.table.refuse('nextTenant', value);
    this.set.nextTenant(row, value);
    return value;
  }

  nextClass(row: number, amount: number): number {
    const value = this.c.nextClass[row]! + amount;
    if (value < 0) this.table.refuse('nextClass', value);
    this.set.nextClass(row, value);
    return value;
  }

  nextExecutor(row: number, amount: number): number {
    const value = this.c.nextExecutor[row]! + amount;
    if (value < 0) this.table.refuse('nextExecutor', value);
    this.set.nextExecutor(row, value);
    return value;
  }

  nextToken(row: number, amount: number): number {
    const value = this.c.nextToken[row]! + amount;
    if (value < 0) this.table.refuse('nextToken', value);
    this.set.nextToken(row, value);
    return value;
  }

  nextReady(row: number, amount: number): number {
    const value = this.c.nextReady[row]! + amount;
    if (value < 0) this.table.refuse('nextReady', value);
    this.set.nextReady(row, value);
    return value;
  }

  nextFlow(row: number, amount: number): number {
    const value = this.c.nextFlow[row]! + amount;
    if (value < 0) this.table.refuse('nextFlow', value);
    this.set.nextFlow(row, value);
    return value;
  }

  nextCursor(row: number, amount: number): number {
    const value = this.c.nextCursor[row]! + amount;
    if (value < 0) this.table.refuse('nextCursor', value);
    this.set.nextCursor(row, value);
    return value;
  }

  nextSession(row: number, amount: number): number {
    const value = this.c.nextSession[row]! + amount;
    if (value < 0) this.table.refuse('nextSession', value);
    this.set.nextSession(row, value);
    return value;
  }

  nextRelease(row: number, amount: number): number {
    const value = this.c.nextRelease[row]! + amount;
    if (value < 0) this.table.refuse('nextRelease', value);
    this.set.nextRelease(row, value);
    return value;
  }

  firstRemembered(row: number, amount: number): number {
    const value = this.c.firstRemembered[row]! + amount;
    if (value < 0) this.table.refuse('firstRemembered', value);
    this.set.firstRemembered(row, value);
    return value;
  }

  nextRemembered(row: number, amount: number): number {
    const value = this.c.nextRemembered[row]! + amount;
    if (value < 0) this.table.refuse('nextRemembered', value);
    this.set.nextRemembered(row, value);
    return value;
  }

  firstRetired(row: number, amount: number): number {
    const value = this.c.firstRetired[row]! + amount;
    if (value < 0) this.table.refuse('firstRetired', value);
    this.set.firstRetired(row, value);
    return value;
  }

  nextRetired(row: number, amount: number): number {
    const value = this.c.nextRetired[row]! + amount;
    if (value < 0) this.table.refuse('nextRetired', value);
    this.set.nextRetired(row, value);
    return value;
  }

  openDags(row: number, amount: number): number {
    const value = this.c.openDags[row]! + amount;
    if (value < 0) this.table.refuse('openDags', value);
    this.set.openDags(row, value);
    return value;
  }

  knownJobs(row: number, amount: number): number {
    const value = this.c.knownJobs[row]! + amount;
    if (value < 0) this.table.refuse('knownJobs', value);
    this.set.knownJobs(row, value);
    return value;
  }

  retiredJobs(row: number, amount: number): number {
    const value = this.c.retiredJobs[row]! + amount;
    if (value < 0) this.table.refuse('retiredJobs', value);
    this.set.retiredJobs(row, value);
    return value;
  }

  maxKnownJobs(row: number, amount: number): number {
    const value = this.c.maxKnownJobs[row]! + amount;
    if (value < 0) this.table.refuse('maxKnownJobs', value);
    this.set.maxKnownJobs(row, value);
    return value;
  }

  retainTerminalMs(row: number, amount: number): number {
    const value = this.c.retainTerminalMs[row]! + amount;
    if (value < 0) this.table.refuse('retainTerminalMs', value);
    this.set.retainTerminalMs(row, value);
    return value;
  }

  retainTerminalJobs(row: number, amount: number): number {
    const value = this.c.retainTerminalJobs[row]! + amount;
    if (value < 0) this.table.refuse('retainTerminalJobs', value);
    this.set.retainTerminalJobs(row, value);
    return value;
  }

  noLossBeforeMs(row: number, amount: number): number {
    const value = this.c.noLossBeforeMs[row]! + amount;
    if (value < 0) this.table.refuse('noLossBeforeMs', value);
    this.set.noLossBeforeMs(row, value);
    return value;
  }

  longestSessionMs(row: number, amount: number): number {
    const value = this.c.longestSessionMs[row]! + amount;
    if (value < 0) this.table.refuse('longestSessionMs', value);
    this.set.longestSessionMs(row, value);
    return value;
  }

  nextDeparted(row: number, amount: number): number {
    const value = this.c.nextDeparted[row]! + amount;
    if (value < 0) this.table.refuse('nextDeparted', value);
    this.set.nextDeparted(row, value);
    return value;
  }

  retainExecutorsMs(row: number, amount: number): number {
    const value = this.c.retainExecutorsMs[row]! + amount;
    if (value < 0) this.table.refuse('retainExecutorsMs', value);
    this.set.retainExecutorsMs(row, value);
    return value;
  }

  policyToken(row: number, amount: number): number {
    const value = this.c.policyToken[row]! + amount;
    if (value < 0) this.table.refuse('policyToken', value);
    this.set.policyToken(row, value);
    return value;
  }

  wentOnAtMs(row: number, amount: number): number {
    const value = this.c.wentOnAtMs[row]! + amount;
    if (value < 0) this.table.refuse('wentOnAtMs', value);
    this.set.wentOnAtMs(row, value);
    return value;
  }

  unheardMs(row: number, amount: number): number {
    const value = this.c.unheardMs[row]! + amount;
    if (value < 0) this.table.refuse('unheardMs', value);
    this.set.unheardMs(row, value);
    return value;
  }
}

/** Rows of `cell`. */
export class CellRows {
  /** Columns by name. */
  readonly c = new CellColumns();
  readonly table: Table<typeof T.CELL>;
  readonly set: CellSet;
  readonly add: CellAdd;
  private readonly index: SequenceIndex;

  constructor(shape?: TableShape<typeof T.CELL>) {
    this.table = new Table(1, 'cell', T.CELL, shape, this.c, true);
    this.index = this.table.index as SequenceIndex;
    this.set = new CellSet(this.table, this.c);
    this.add = new CellAdd(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(seq: number): number {
    return this.index.get(seq);
  }

  /** The row with this key, made if it is not there. */
  row(seq: number): number {
    const handle = this.index.get(seq);
    return handle === 0 ? this.table.make(seq, 0) : handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back.
   */
  clear(row: number): void {
    this.set.empty(row);
    this.table.remove(row);
  }
}

class TenantColumns implements Columns<typeof T.TENANT> {
  name: Columns<typeof T.TENANT>['name'] = [] as string[];
  weight: Columns<typeof T.TENANT>['weight'] = new Uint16Array(0);
  openDags: Columns<typeof T.TENANT>['openDags'] = new Uint32Array(0);
  activeDags: Columns<typeof T.TENANT>['activeDags'] = new Uint32Array(0);
  runnableJobs: Columns<typeof T.TENANT>['runnableJobs'] = new Uint32Array(0);
  heldDags: Columns<typeof T.TENANT>['heldDags'] = new Uint32Array(0);
  maxOpenDags: Columns<typeof T.TENANT>['maxOpenDags'] = new Float64Array(0);
  maxActiveDags: Columns<typeof T.TENANT>['maxActiveDags'] = new Float64Array(0);
  maxRunnableJobs: Columns<typeof T.TENANT>['maxRunnableJobs'] = new Float64Array(0);
  unscannedJobs: Columns<typeof T.TENANT>['unscannedJobs'] = new Uint32Array(0);
  lastRelease: Columns<typeof T.TENANT>['lastRelease'] = new Float64Array(0);
}

class TenantSet implements Setters<typeof T.TENANT> {
  constructor(
    private readonly table: Table,
    private readonly c: TenantColumns,
  ) {}

  name(row: number, value: string): void {
    const column = this.c.name;
    const before = column[row] ?? '';
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1) === 0) this.table.noteText(row, touched | 1, 64, before);
    column[row] = value;
  }

  weight(row: number, value: number): void {
    const column = this.c.weight;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2) === 0) this.table.note(row, touched | 2, 65, before);
    column[row] = value;
  }

  openDags(row: number, value: number): void {
    const column = this.c.openDags;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4) === 0) this.table.note(row, touched | 4, 66, before);
    column[row] = value;
  }

  activeDags(row: number, value: number): void {
    const column = this.c.activeDags;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8) === 0) this.table.note(row, touched | 8, 67, before);
    column[row] = value;
  }

  runnableJobs(row: number, value: number): void {
    const column = this.c.runnableJobs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16) === 0) this.table.note(row, touched | 16, 68, before);
    column[row] = value;
  }

  heldDags(row: number, value: number): void {
    const column = this.c.heldDags;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 32) === 0) this.table.note(row, touched | 32, 69, before);
    column[row] = value;
  }

  maxOpenDags(row: number, value: number): void {
    const column = this.c.maxOpenDags;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 64) === 0) this.table.note(row, touched | 64, 70, before);
    column[row] = value;
  }

  maxActiveDags(row: number, value: number): void {
    const column = this.c.maxActiveDags;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 128) === 0) this.table.note(row, touched | 128, 71, before);
    column[row] = value;
  }

  maxRunnableJobs(row: number, value: number): void {
    const column = this.c.maxRunnableJobs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 256) === 0) this.table.note(row, touched | 256, 72, before);
    column[row] = value;
  }

  unscannedJobs(row: number, value: number): void {
    const column = this.c.unscannedJobs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 512) === 0) this.table.note(row, touched | 512, 73, before);
    column[row] = value;
  }

  lastRelease(row: number, value: number): void {
    const column = this.c.lastRelease;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1024) === 0) this.table.note(row, touched | 1024, 74, before);
    column[row] = value;
  }

  empty(row: number): void {
    const { c } = this;
    this.name(row, '');
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
    old = c.weight[row]!;
    if (old !== 0) {
      if ((now & 2) === 0) log.add(65, row, old);
      now |= 2;
      c.weight[row] = 0;
    }
    old = c.openDags[row]!;
    if (old !== 0) {
      if ((now & 4) === 0) log.add(66, row, old);
      now |= 4;
      c.openDags[row] = 0;
    }
    old = c.activeDags[row]!;
    if (old !== 0) {
      if ((now & 8) === 0) log.add(67, row, old);
      now |= 8;
      c.activeDags[row] = 0;
    }
    old = c.runnableJobs[row]!;
    if (old !== 0) {
      if ((now & 16) === 0) log.add(68, row, old);
      now |= 16;
      c.runnableJobs[row] = 0;
    }
    old = c.heldDags[row]!;
    if (old !== 0) {
      if ((now & 32) === 0) log.add(69, row, old);
      now |= 32;
      c.heldDags[row] = 0;
    }
    old = c.maxOpenDags[row]!;
    if (old !== 0) {
      if ((now & 64) === 0) log.add(70, row, old);
      now |= 64;
      c.maxOpenDags[row] = 0;
    }
    old = c.maxActiveDags[row]!;
    if (old !== 0) {
      if ((now & 128) === 0) log.add(71, row, old);
      now |= 128;
      c.maxActiveDags[row] = 0;
    }
    old = c.maxRunnableJobs[row]!;
    if (old !== 0) {
      if ((now & 256) === 0) log.add(72, row, old);
      now |= 256;
      c.maxRunnableJobs[row] = 0;
    }
    old = c.unscannedJobs[row]!;
    if (old !== 0) {
      if ((now & 512) === 0) log.add(73, row, old);
      now |= 512;
      c.unscannedJobs[row] = 0;
    }
    old = c.lastRelease[row]!;
    if (old !== 0) {
      if ((now & 1024) === 0) log.add(74, row, old);
      now |= 1024;
      c.lastRelease[row] = 0;
    }
    touched[row] = now;
  }
}

class TenantAdd implements Adders<typeof T.TENANT> {
  constructor(
    private readonly table: Table,
    private readonly c: TenantColumns,
    private readonly set: TenantSet,
  ) {}

  weight(row: number, amount: number): number {
    const value = this.c.weight[row]! + amount;
    if (value < 0) this.table.refuse('weight', value);
    this.set.weight(row, value);
    return value;
  }

  openDags(row: number, amount: number): number {
    const value = this.c.openDags[row]! + amount;
    if (value < 0) this.table.refuse('openDags', value);
    this.set.openDags(row, value);
    return value;
  }

  activeDags(row: number, amount: number): number {
    const value = this.c.activeDags[row]! + amount;
    if (value < 0) this.table.refuse('activeDags', value);
    this.set.activeDags(row, value);
    return value;
  }

  runnableJobs(row: number, amount: number): number {
    const value = this.c.runnableJobs[row]! + amount;
    if (value < 0) this.table.refuse('runnableJobs', value);
    this.set.runnableJobs(row, value);
    return value;
  }

  heldDags(row: number, amount: number): number {
    const value = this.c.heldDags[row]! + amount;
    if (value < 0) this.table.refuse('heldDags', value);
    this.set.heldDags(row, value);
    return value;
  }

  maxOpenDags(row: number, amount: number): number {
    const value = this.c.maxOpenDags[row]! + amount;
    if (value < 0) this.table.refuse('maxOpenDags', value);
    this.set.maxOpenDags(row, value);
    return value;
  }

  maxActiveDags(row: number, amount: number): number {
    const value = this.c.maxActiveDags[row]! + amount;
    if (value < 0) this.table.refuse('maxActiveDags', value);
    this.set.maxActiveDags(row, value);
    return value;
  }

  maxRunnableJobs(row: number, amount: number): number {
    const value = this.c.maxRunnableJobs[row]! + amount;
    if (value < 0) this.table.refuse('maxRunnableJobs', value);
    this.set.maxRunnableJobs(row, value);
    return value;
  }

  unscannedJobs(row: number, amount: number): number {
    const value = this.c.unscannedJobs[row]! + amount;
    if (value < 0) this.table.refuse('unscannedJobs', value);
    this.set.unscannedJobs(row, value);
    return value;
  }

  lastRelease(row: number, amount: number): number {
    const value = this.c.lastRelease[row]! + amount;
    if (value < 0) this.table.refuse('lastRelease', value);
    this.set.lastRelease(row, value);
    return value;
  }
}

/** Rows of `tenant`. */
export class TenantRows {
  /** Columns by name. */
  readonly c = new TenantColumns();
  readonly table: Table<typeof T.TENANT>;
  readonly set: TenantSet;
  readonly add: TenantAdd;
  private readonly index: SequenceIndex;

  constructor(shape?: TableShape<typeof T.TENANT>) {
    this.table = new Table(2, 'tenant', T.TENANT, shape, this.c, true);
    this.index = this.table.index as SequenceIndex;
    this.set = new TenantSet(this.table, this.c);
    this.add = new TenantAdd(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(seq: number): number {
    return this.index.get(seq);
  }

  /** The row with this key, made if it is not there. */
  row(seq: number): number {
    const handle = this.index.get(seq);
    return handle === 0 ? this.table.make(seq, 0) : handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back.
   */
  clear(row: number): void {
    this.set.empty(row);
    this.table.remove(row);
  }
}

class ClassColumns implements Columns<typeof T.CLASS> {
  group: Columns<typeof T.CLASS>['group'] = [] as string[];
  name: Columns<typeof T.CLASS>['name'] = [] as string[];
  slots: Columns<typeof T.CLASS>['slots'] = new Uint32Array(0);
  reserved: Columns<typeof T.CLASS>['reserved'] = new Uint32Array(0);
  reclaiming: Columns<typeof T.CLASS>['reclaiming'] = new Uint32Array(0);
  maxSlots: Columns<typeof T.CLASS>['maxSlots'] = new Uint32Array(0);
  unitCost: Columns<typeof T.CLASS>['unitCost'] = new Float64Array(0);
  ready: Columns<typeof T.CLASS>['ready'] = new Uint32Array(0);
  executors: Columns<typeof T.CLASS>['executors'] = new Uint32Array(0);
  guardCredit: Columns<typeof T.CLASS>['guardCredit'] = new Float64Array(0);
  regularCredit: Columns<typeof T.CLASS>['regularCredit'] = new Float64Array(0);
  occupancySum: Columns<typeof T.CLASS>['occupancySum'] = new Float64Array(0);
  occupancyCount: Columns<typeof T.CLASS>['occupancyCount'] = new Uint32Array(0);
  logSum: Columns<typeof T.CLASS>['logSum'] = new Float64Array(0);
  lastShortAtMs: Columns<typeof T.CLASS>['lastShortAtMs'] = new Float64Array(0);
  longRunning: Columns<typeof T.CLASS>['longRunning'] = new Uint32Array(0);
  reservedDag: Columns<typeof T.CLASS>['reservedDag'] = new Float64Array(0);
  reservedJob: Columns<typeof T.CLASS>['reservedJob'] = new Uint32Array(0);
  reservedExecutor: Columns<typeof T.CLASS>['reservedExecutor'] = new Float64Array(0);
  reservedAtMs: Columns<typeof T.CLASS>['reservedAtMs'] = new Float64Array(0);
  reservedLane: Columns<typeof T.CLASS>['reservedLane'] = new Uint8Array(0);
  buckets: Columns<typeof T.CLASS>['buckets'] = new Uint8Array(0);
  busyPeriods: Columns<typeof T.CLASS>['busyPeriods'] = new Float64Array(0);
  firstPeriod: Columns<typeof T.CLASS>['firstPeriod'] = new Float64Array(0);
  keptFree: Columns<typeof T.CLASS>['keptFree'] = new Float64Array(0);
  keptAtMs: Columns<typeof T.CLASS>['keptAtMs'] = new Float64Array(0);
  overpaid: Columns<typeof T.CLASS>['overpaid'] = new Float64Array(0);
  promised: Columns<typeof T.CLASS>['promised'] = new Float64Array(0);
  closed: Columns<typeof T.CLASS>['closed'] = new Uint32Array(0);
  shortReserve: Columns<typeof T.CLASS>['shortReserve'] = new Uint32Array(0);
  reservedSlots: Columns<typeof T.CLASS>['reservedSlots'] = new Uint16Array(0);
}

class ClassSet implements Setters<typeof T.CLASS> {
  constructor(
    private readonly table: Table,
    private readonly c: ClassColumns,
  ) {}

  group(row: number, value: string): void {
    const column = this.c.group;
    const before = column[row] ?? '';
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1) === 0) this.table.noteText(row, touched | 1, 96, before);
    column[row] = value;
  }

  name(row: number, value: string): void {
    const column = this.c.name;
    const before = column[row] ?? '';
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2) === 0) this.table.noteText(row, touched | 2, 97, before);
    column[row] = value;
  }

  slots(row: number, value: number): void {
    const column = this.c.slots;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4) === 0) this.table.note(row, touched | 4, 98, before);
    column[row] = value;
  }

  reserved(row: number, value: number): void {
    const column = this.c.reserved;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8) === 0) this.table.note(row, touched | 8, 99, before);
    column[row] = value;
  }

  reclaiming(row: number, value: number): void {
    const column = this.c.reclaiming;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16) === 0) this.table.note(row, touched | 16, 100, before);
    column[row] = value;
  }

  maxSlots(row: number, value: number): void {
    const column = this.c.maxSlots;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 32) === 0) this.table.note(row, touched | 32, 101, before);
    column[row] = value;
  }

  unitCost(row: number, value: number): void {
    const column = this.c.unitCost;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 64) === 0) this.table.note(row, touched | 64, 102, before);
    column[row] = value;
  }

  ready(row: number, value: number): void {
    const column = this.c.ready;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 128) === 0) this.table.note(row, touched | 128, 103, before);
    column[row] = value;
  }

  executors(row: number, value: number): void {
    const column = this.c.executors;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 256) === 0) this.table.note(row, touched | 256, 104, before);
    column[row] = value;
  }

  guardCredit(row: number, value: number): void {
    const column = this.c.guardCredit;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 512) === 0) this.table.note(row, touched | 512, 105, before);
    column[row] = value;
  }

  regularCredit(row: number, value: number): void {
    const column = this.c.regularCredit;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1024) === 0) this.table.note(row, touched | 1024, 106, before);
    column[row] = value;
  }

  occupancySum(row: number, value: number): void {
    const column = this.c.occupancySum;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2048) === 0) this.table.note(row, touched | 2048, 107, before);
    column[row] = value;
  }

  occupancyCount(row: number, value: number): void {
    const column = this.c.occupancyCount;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4096) === 0) this.table.note(row, touched | 4096, 108, before);
    column[row] = value;
  }

  logSum(row: number, value: number): void {
    const column = this.c.logSum;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8192) === 0) this.table.note(row, touched | 8192, 109, before);
    column[row] = value;
  }

  lastShortAtMs(row: number, value: number): void {
    const column = this.c.lastShortAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16384) === 0) this.table.note(row, touched | 16384, 110, before);
    column[row] = value;
  }

  longRunning(row: number, value: number): void {
    const column = this.c.longRunning;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 32768) === 0) this.table.note(row, touched | 32768, 111, before);
    column[row] = value;
  }

  reservedDag(row: number, value: number): void {
    const column = this.c.reservedDag;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 65536) === 0) this.table.note(row, touched | 65536, 112, before);
    column[row] = value;
  }

  reservedJob(row: number, value: number): void {
    const column = this.c.reservedJob;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 131072) === 0) this.table.note(row, touched | 131072, 113, before);
    column[row] = value;
  }

  reservedExecutor(row: number, value: number): void {
    const column = this.c.reservedExecutor;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 262144) === 0) this.table.note(row, touched | 262144, 114, before);
    column[row] = value;
  }

  reservedAtMs(row: number, value: number): void {
    const column = this.c.reservedAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 524288) === 0) this.table.note(row, touched | 524288, 115, before);
    column[row] = value;
  }

  reservedLane(row: number, value: number): void {
    const column = this.c.reservedLane;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1048576) === 0) this.table.note(row, touched | 1048576, 116, before);
    column[row] = value;
  }

  buckets(row: number, value: number): void {
    const column = this.c.buckets;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2097152) === 0) this.table.note(row, touched | 2097152, 117, before);
    column[row] = value;
  }

  busyPeriods(row: number, value: number): void {
    const column = this.c.busyPeriods;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4194304) === 0) this.table.note(row, touched | 4194304, 118, before);
    column[row] = value;
  }

  firstPeriod(row: number, value: number): void {
    const column = this.c.firstPeriod;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8388608) === 0) this.table.note(row, touched | 8388608, 119, before);
    column[row] = value;
  }

  keptFree(row: number, value: number): void {
    const column = this.c.keptFree;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16777216) === 0) this.table.note(row, touched | 16777216, 120, before);
    column[row] = value;
  }

  keptAtMs(row: number, value: number): void {
    const column = this.c.keptAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 33554432) === 0) this.table.note(row, touched | 33554432, 121, before);
    column[row] = value;
  }

  overpaid(row: number, value: number): void {
    const column = this.c.overpaid;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 67108864) === 0) this.table.note(row, touched | 67108864, 122, before);
    column[row] = value;
  }

  promised(row: number, value: number): void {
    const column = this.c.promised;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 134217728) === 0) this.table.note(row, touched | 134217728, 123, before);
    column[row] = value;
  }

  closed(row: number, value: number): void {
    const column = this.c.closed;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 268435456) === 0) this.table.note(row, touched | 268435456, 124, before);
    column[row] = value;
  }

  shortReserve(row: number, value: number): void {
    const column = this.c.shortReserve;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 536870912) === 0) this.table.note(row, touched | 536870912, 125, before);
    column[row] = value;
  }

  reservedSlots(row: number, value: number): void {
    const column = this.c.reservedSlots;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1073741824) === 0) this.table.note(row, touched | 1073741824, 126, before);
    column[row] = value;
  }

  empty(row: number): void {
    const { c } = this;
    this.group(row, '');
    this.name(row, '');
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
    old = c.slots[row]!;
    if (old !== 0) {
      if ((now & 4) === 0) log.add(98, row, old);
      now |= 4;
      c.slots[row] = 0;
    }
    old = c.reserved[row]!;
    if (old !== 0) {
      if ((now & 8) === 0) log.add(99, row, old);
      now |= 8;
      c.reserved[row] = 0;
    }
    old = c.reclaiming[row]!;
    if (old !== 0) {
      if ((now & 16) === 0) log.add(100, row, old);
      now |= 16;
      c.reclaiming[row] = 0;
    }
    old = c.maxSlots[row]!;
    if (old !== 0) {
      if ((now & 32) === 0) log.add(101, row, old);
      now |= 32;
      c.maxSlots[row] = 0;
    }
    old = c.unitCost[row]!;
    if (old !== 0) {
      if ((now & 64) === 0) log.add(102, row, old);
      now |= 64;
      c.unitCost[row] = 0;
    }
    old = c.ready[row]!;
    if (old !== 0) {
      if ((now & 128) === 0) log.add(103, row, old);
      now |= 128;
      c.ready[row] = 0;
    }
    old = c.executors[row]!;
    if (old !== 0) {
      if ((now & 256) === 0) log.add(104, row, old);
      now |= 256;
      c.executors[row] = 0;
    }
    old = c.guardCredit[row]!;
    if (old !== 0) {
      if ((now & 512) === 0) log.add(105, row, old);
      now |= 512;
      c.guardCredit[row] = 0;
    }
    old = c.regularCredit[row]!;
    if (old !== 0) {
      if ((now & 1024) === 0) log.add(106, row, old);
      now |= 1024;
      c.regularCredit[row] = 0;
    }
    old = c.occupancySum[row]!;
    if (old !== 0) {
      if ((now & 2048) === 0) log.add(107, row, old);
      now |= 2048;
      c.occupancySum[row] = 0;
    }
    old = c.occupancyCount[row]!;
    if (old !== 0) {
      if ((now & 4096) === 0) log.add(108, row, old);
      now |= 4096;
      c.occupancyCount[row] = 0;
    }
    old = c.logSum[row]!;
    if (old !== 0) {
      if ((now & 8192) === 0) log.add(109, row, old);
      now |= 8192;
      c.logSum[row] = 0;
    }
    old = c.lastShortAtMs[row]!;
    if (old !== 0) {
      if ((now & 16384) === 0) log.add(110, row, old);
      now |= 16384;
      c.lastShortAtMs[row] = 0;
    }
    old = c.longRunning[row]!;
    if (old !== 0) {
      if ((now & 32768) === 0) log.add(111, row, old);
      now |= 32768;
      c.longRunning[row] = 0;
    }
    old = c.reservedDag[row]!;
    if (old !== 0) {
      if ((now & 65536) === 0) log.add(112, row, old);
      now |= 65536;
      c.reservedDag[row] = 0;
    }
    old = c.reservedJob[row]!;
    if (old !== 0) {
      if ((now & 131072) === 0) log.add(113, row, old);
      now |= 131072;
      c.reservedJob[row] = 0;
    }
    old = c.reservedExecutor[row]!;
    if (old !== 0) {
      if ((now & 262144) === 0) log.add(114, row, old);
      now |= 262144;
      c.reservedExecutor[row] = 0;
    }
    old = c.reservedAtMs[row]!;
    if (old !== 0) {
      if ((now & 524288) === 0) log.add(115, row, old);
      now |= 524288;
      c.reservedAtMs[row] = 0;
    }
    old = c.reservedLane[row]!;
    if (old !== 0) {
      if ((now & 1048576) === 0) log.add(116, row, old);
      now |= 1048576;
      c.reservedLane[row] = 0;
    }
    old = c.buckets[row]!;
    if (old !== 0) {
      if ((now & 2097152) === 0) log.add(117, row, old);
      now |= 2097152;
      c.buckets[row] = 0;
    }
    old = c.busyPeriods[row]!;
    if (old !== 0) {
      if ((now & 4194304) === 0) log.add(118, row, old);
      now |= 4194304;
      c.busyPeriods[row] = 0;
    }
    old = c.firstPeriod[row]!;
    if (old !== 0) {
      if ((now & 8388608) === 0) log.add(119, row, old);
      now |= 8388608;
      c.firstPeriod[row] = 0;
    }
    old = c.keptFree[row]!;
    if (old !== 0) {
      if ((now & 16777216) === 0) log.add(120, row, old);
      now |= 16777216;
      c.keptFree[row] = 0;
    }
    old = c.keptAtMs[row]!;
    if (old !== 0) {
      if ((now & 33554432) === 0) log.add(121, row, old);
      now |= 33554432;
      c.keptAtMs[row] = 0;
    }
    old = c.overpaid[row]!;
    if (old !== 0) {
      if ((now & 67108864) === 0) log.add(122, row, old);
      now |= 67108864;
      c.overpaid[row] = 0;
    }
    old = c.promised[row]!;
    if (old !== 0) {
      if ((now & 134217728) === 0) log.add(123, row, old);
      now |= 134217728;
      c.promised[row] = 0;
    }
    old = c.closed[row]!;
    if (old !== 0) {
      if ((now & 268435456) === 0) log.add(124, row, old);
      now |= 268435456;
      c.closed[row] = 0;
    }
    old = c.shortReserve[row]!;
    if (old !== 0) {
      if ((now & 536870912) === 0) log.add(125, row, old);
      now |= 536870912;
      c.shortReserve[row] = 0;
    }
    old = c.reservedSlots[row]!;
    if (old !== 0) {
      if ((now & 1073741824) === 0) log.add(126, row, old);
      now |= 1073741824;
      c.reservedSlots[row] = 0;
    }
    touched[row] = now;
  }
}

class ClassAdd implements Adders<typeof T.CLASS> {
  constructor(
    private readonly table: Table,
    private readonly c: ClassColumns,
    private readonly set: ClassSet,
  ) {}

  slots(row: number, amount: number): number {
    const value = this.c.slots[row]! + amount;
    if (value < 0) this.table.refuse('slots', value);
    this.set.slots(row, value);
    return value;
  }

  reserved(row: number, amount: number): number {
    const value = this.c.reserved[row]! + amount;
    if (value < 0) this.table.refuse('reserved', value);
    this.set.reserved(row, value);
    return value;
  }

  reclaiming(row: number, amount: number): number {
    const value = this.c.reclaiming[row]! + amount;
    if (value < 0) this.table.refuse('reclaiming', value);
    this.set.reclaiming(row, value);
    return value;
  }

  maxSlots(row: number, amount: number): number {
    const value = this.c.maxSlots[row]! + amount;
    if (value < 0) this.table.refuse('maxSlots', value);
    this.set.maxSlots(row, value);
    return value;
  }

  unitCost(row: number, amount: number): number {
    const value = this.c.unitCost[row]! + amount;
    if (value < 0) this.table.refuse('unitCost', value);
    this.set.unitCost(row, value);
    return value;
  }

  ready(row: number, amount: number): number {
    const value = this.c.ready[row]! + amount;
    if (value < 0) this.table.refuse('ready', value);
    this.set.ready(row, value);
    return value;
  }

  executors(row: number, amount: number): number {
    const value = this.c.executors[row]! + amount;
    if (value < 0) this.table.refuse('executors', value);
    this.set.executors(row, value);
    return value;
  }

  guardCredit(row: number, amount: number): number {
    const value = this.c.guardCredit[row]! + amount;
    if (value < 0) this.table.refuse('guardCredit', value);
    this.set.guardCredit(row, value);
    return value;
  }

  regularCredit(row: number, amount: number): number {
    const value = this.c.regularCredit[row]! + amount;
    if (value < 0) this.table.refuse('regularCredit', value);
    this.set.regularCredit(row, value);
    return value;
  }

  occupancySum(row: number, amount: number): number {
    const value = this.c.occupancySum[row]! + amount;
    if (value < 0) this.table.refuse('occupancySum', value);
    this.set.occupancySum(row, value);
    return value;
  }

  occupancyCount(row: number, amount: number): number {
    const value = this.c.occupancyCount[row]! + amount;
    if (value < 0) this.table.refuse('occupancyCount', value);
    this.set.occupancyCount(row, value);
    return value;
  }

  logSum(row: number, amount: number): number {
    const value = this.c.logSum[row]! + amount;
    if (value < 0) this.table.refuse('logSum', value);
    this.set.logSum(row, value);
    return value;
  }

  lastShortAtMs(row: number, amount: number): number {
    const value = this.c.lastShortAtMs[row]! + amount;
    if (value < 0) this.table.refuse('lastShortAtMs', value);
    this.set.lastShortAtMs(row, value);
    return value;
  }

  longRunning(row: number, amount: number): number {
    const value = this.c.longRunning[row]! + amount;
    if (value < 0) this.table.refuse('longRunning', value);
    this.set.longRunning(row, value);
    return value;
  }

  reservedDag(row: number, amount: number): number {
    const value = this.c.reservedDag[row]! + amount;
    if (value < 0) this.table.refuse('reservedDag', value);
    this.set.reservedDag(row, value);
    return value;
  }

  reservedJob(row: number, amount: number): number {
    const value = this.c.reservedJob[row]! + amount;
    if (value < 0) this.table.refuse('reservedJob', value);
    this.set.reservedJob(row, value);
    return value;
  }

  reservedExecutor(row: number, amount: number): number {
    const value = this.c.reservedExecutor[row]! + amount;
    if (value < 0) this.table.refuse('reservedExecutor', value);
    this.set.reservedExecutor(row, value);
    return value;
  }

  reservedAtMs(row: number, amount: number): number {
    const value = this.c.reservedAtMs[row]! + amount;
    if (value < 0) this.table.refuse('reservedAtMs', value);
    this.set.reservedAtMs(row, value);
    return value;
  }

  reservedLane(row: number, amount: number): number {
    const value = this.c.reservedLane[row]! + amount;
    if (value < 0) this.table.refuse('reservedLane', value);
    this.set.reservedLane(row, value);
    return value;
  }

  buckets(row: number, amount: number): number {
    const value = this.c.buckets[row]! + amount;
    if (value < 0) this.table.refuse('buckets', value);
    this.set.buckets(row, value);
    return value;
  }

  busyPeriods(row: number, amount: number): number {
    const value = this.c.busyPeriods[row]! + amount;
    if (value < 0) this.table.refuse('busyPeriods', value);
    this.set.busyPeriods(row, value);
    return value;
  }

  firstPeriod(row: number, amount: number): number {
    const value = this.c.firstPeriod[row]! + amount;
    if (value < 0) this.table.refuse('firstPeriod', value);
    this.set.firstPeriod(row, value);
    return value;
  }

  keptFree(row: number, amount: number): number {
    const value = this.c.keptFree[row]! + amount;
    if (value < 0) this.table.refuse('keptFree', value);
    this.set.keptFree(row, value);
    return value;
  }

  keptAtMs(row: number, amount: number): number {
    const value = this.c.keptAtMs[row]! + amount;
    if (value < 0) this.table.refuse('keptAtMs', value);
    this.set.keptAtMs(row, value);
    return value;
  }

  overpaid(row: number, amount: number): number {
    const value = this.c.overpaid[row]! + amount;
    if (value < 0) this.table.refuse('overpaid', value);
    this.set.overpaid(row, value);
    return value;
  }

  promised(row: number, amount: number): number {
    const value = this.c.promised[row]! + amount;
    if (value < 0) this.table.refuse('promised', value);
    this.set.promised(row, value);
    return value;
  }

  closed(row: number, amount: number): number {
    const value = this.c.closed[row]! + amount;
    if (value < 0) this.table.refuse('closed', value);
    this.set.closed(row, value);
    return value;
  }

  shortReserve(row: number, amount: number): number {
    const value = this.c.shortReserve[row]! + amount;
    if (value < 0) this.table.refuse('shortReserve', value);
    this.set.shortReserve(row, value);
    return value;
  }

  reservedSlots(row: number, amount: number): number {
    const value = this.c.reservedSlots[row]! + amount;
    if (value < 0) this.table.refuse('reservedSlots', value);
    this.set.reservedSlots(row, value);
    return value;
  }
}

/** Rows of `class`. */
export class ClassRows {
  /** Columns by name. */
  readonly c = new ClassColumns();
  readonly table: Table<typeof T.CLASS>;
  readonly set: ClassSet;
  readonly add: ClassAdd;
  private readonly index: SequenceIndex;

  constructor(shape?: TableShape<typeof T.CLASS>) {
    this.table = new Table(3, 'class', T.CLASS, shape, this.c, true);
    this.index = this.table.index as SequenceIndex;
    this.set = new ClassSet(this.table, this.c);
    this.add = new ClassAdd(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(seq: number): number {
    return this.index.get(seq);
  }

  /** The row with this key, made if it is not there. */
  row(seq: number): number {
    const handle = this.index.get(seq);
    return handle === 0 ? this.table.make(seq, 0) : handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back.
   */
  clear(row: number): void {
    this.set.empty(row);
    this.table.remove(row);
  }
}

class ExecutorColumns implements Columns<typeof T.EXECUTOR> {
  id: Columns<typeof T.EXECUTOR>['id'] = [] as string[];
  incarnation: Columns<typeof T.EXECUTOR>['incarnation'] = [] as string[];
  class: Columns<typeof T.EXECUTOR>['class'] = new Uint32Array(0);
  state: Columns<typeof T.EXECUTOR>['state'] = new Uint8Array(0);
  cordoned: Columns<typeof T.EXECUTOR>['cordoned'] = new Uint8Array(0);
  draining: Columns<typeof T.EXECUTOR>['draining'] = new Uint8Array(0);
  slots: Columns<typeof T.EXECUTOR>['slots'] = new Uint32Array(0);
  reserved: Columns<typeof T.EXECUTOR>['reserved'] = new Uint32Array(0);
  reclaiming: Columns<typeof T.EXECUTOR>['reclaiming'] = new Uint32Array(0);
  withdrawn: Columns<typeof T.EXECUTOR>['withdrawn'] = new Uint32Array(0);
  session: Columns<typeof T.EXECUTOR>['session'] = new Float64Array(0);
  tokensAfter: Columns<typeof T.EXECUTOR>['tokensAfter'] = new Float64Array(0);
  sessionMs: Columns<typeof T.EXECUTOR>['sessionMs'] = new Float64Array(0);
  untilMs: Columns<typeof T.EXECUTOR>['untilMs'] = new Float64Array(0);
  lastRelease: Columns<typeof T.EXECUTOR>['lastRelease'] = new Float64Array(0);
  firstSession: Columns<typeof T.EXECUTOR>['firstSession'] = new Float64Array(0);
  departed: Columns<typeof T.EXECUTOR>['departed'] = new Float64Array(0);
  departedAtMs: Columns<typeof T.EXECUTOR>['departedAtMs'] = new Float64Array(0);
  cursors: Columns<typeof T.EXECUTOR>['cursors'] = new Uint32Array(0);
}

class ExecutorSet implements Setters<typeof T.EXECUTOR> {
  constructor(
    private readonly table: Table,
    private readonly c: ExecutorColumns,
  ) {}

  id(row: number, value: string): void {
    const column = this.c.id;
    const before = column[row] ?? '';
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1) === 0) this.table.noteText(row, touched | 1, 128, before);
    column[row] = value;
  }

  incarnation(row: number, value: string): void {
    const column = this.c.incarnation;
    const before = column[row] ?? '';
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2) === 0) this.table.noteText(row, touched | 2, 129, before);
    column[row] = value;
  }

  class(row: number, value: number): void {
    const column = this.c.class;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4) === 0) this.table.note(row, touched | 4, 130, before);
    column[row] = value;
  }

  state(row: number, value: number): void {
    const column = this.c.state;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8) === 0) this.table.note(row, touched | 8, 131, before);
    column[row] = value;
  }

  cordoned(row: number, value: number): void {
    const column = this.c.cordoned;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16) === 0) this.table.note(row, touched | 16, 132, before);
    column[row] = value;
  }

  draining(row: number, value: number): void {
    const column = this.c.draining;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 32) === 0) this.table.note(row, touched | 32, 133, before);
    column[row] = value;
  }

  slots(row: number, value: number): void {
    const column = this.c.slots;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 64) === 0) this.table.note(row, touched | 64, 134, before);
    column[row] = value;
  }

  reserved(row: number, value: number): void {
    const column = this.c.reserved;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 128) === 0) this.table.note(row, touched | 128, 135, before);
    column[row] = value;
  }

  reclaiming(row: number, value: number): void {
    const column = this.c.reclaiming;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 256) === 0) this.table.note(row, touched | 256, 136, before);
    column[row] = value;
  }

  withdrawn(row: number, value: number): void {
    const column = this.c.withdrawn;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 512) === 0) this.table.note(row, touched | 512, 137, before);
    column[row] = value;
  }

  session(row: number, value: number): void {
    const column = this.c.session;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1024) === 0) this.table.note(row, touched | 1024, 138, before);
    column[row] = value;
  }

  tokensAfter(row: number, value: number): void {
    const column = this.c.tokensAfter;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2048) === 0) this.table.note(row, touched | 2048, 139, before);
    column[row] = value;
  }

  sessionMs(row: number, value: number): void {
    const column = this.c.sessionMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4096) === 0) this.table.note(row, touched | 4096, 140, before);
    column[row] = value;
  }

  untilMs(row: number, value: number): void {
    const column = this.c.untilMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8192) === 0) this.table.note(row, touched | 8192, 141, before);
    column[row] = value;
  }

  lastRelease(row: number, value: number): void {
    const column = this.c.lastRelease;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16384) === 0) this.table.note(row, touched | 16384, 142, before);
    column[row] = value;
  }

  firstSession(row: number, value: number): void {
    const column = this.c.firstSession;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 32768) === 0) this.table.note(row, touched | 32768, 143, before);
    column[row] = value;
  }

  departed(row: number, value: number): void {
    const column = this.c.departed;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 65536) === 0) this.table.note(row, touched | 65536, 144, before);
    column[row] = value;
  }

  departedAtMs(row: number, value: number): void {
    const column = this.c.departedAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 131072) === 0) this.table.note(row, touched | 131072, 145, before);
    column[row] = value;
  }

  cursors(row: number, value: number): void {
    const column = this.c.cursors;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 262144) === 0) this.table.note(row, touched | 262144, 146, before);
    column[row] = value;
  }

  empty(row: number): void {
    const { c } = this;
    this.id(row, '');
    this.incarnation(row, '');
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
    old = c.class[row]!;
    if (old !== 0) {
      if ((now & 4) === 0) log.add(130, row, old);
      now |= 4;
      c.class[row] = 0;
    }
    old = c.state[row]!;
    if (old !== 0) {
      if ((now & 8) === 0) log.add(131, row, old);
      now |= 8;
      c.state[row] = 0;
    }
    old = c.cordoned[row]!;
    if (old !== 0) {
      if ((now & 16) === 0) log.add(132, row, old);
      now |= 16;
      c.cordoned[row] = 0;
    }
    old = c.draining[row]!;
    if (old !== 0) {
      if ((now & 32) === 0) log.add(133, row, old);
      now |= 32;
      c.draining[row] = 0;
    }
    old = c.slots[row]!;
    if (old !== 0) {
      if ((now & 64) === 0) log.add(134, row, old);
      now |= 64;
      c.slots[row] = 0;
    }
    old = c.reserved[row]!;
    if (old !== 0) {
      if ((now & 128) === 0) log.add(135, row, old);
      now |= 128;
      c.reserved[row] = 0;
    }
    old = c.reclaiming[row]!;
    if (old !== 0) {
      if ((now & 256) === 0) log.add(136, row, old);
      now |= 256;
      c.reclaiming[row] = 0;
    }
    old = c.withdrawn[row]!;
    if (old !== 0) {
      if ((now & 512) === 0) log.add(137, row, old);
      now |= 512;
      c.withdrawn[row] = 0;
    }
    old = c.session[row]!;
    if (old !== 0) {
      if ((now & 1024) === 0) log.add(138, row, old);
      now |= 1024;
      c.session[row] = 0;
    }
    old = c.tokensAfter[row]!;
    if (old !== 0) {
      if ((now & 2048) === 0) log.add(139, row, old);
      now |= 2048;
      c.tokensAfter[row] = 0;
    }
    old = c.sessionMs[row]!;
    if (old !== 0) {
      if ((now & 4096) === 0) log.add(140, row, old);
      now |= 4096;
      c.sessionMs[row] = 0;
    }
    old = c.untilMs[row]!;
    if (old !== 0) {
      if ((now & 8192) === 0) log.add(141, row, old);
      now |= 8192;
      c.untilMs[row] = 0;
    }
    old = c.lastRelease[row]!;
    if (old !== 0) {
      if ((now & 16384) === 0) log.add(142, row, old);
      now |= 16384;
      c.lastRelease[row] = 0;
    }
    old = c.firstSession[row]!;
    if (old !== 0) {
      if ((now & 32768) === 0) log.add(143, row, old);
      now |= 32768;
      c.firstSession[row] = 0;
    }
    old = c.departed[row]!;
    if (old !== 0) {
      if ((now & 65536) === 0) log.add(144, row, old);
      now |= 65536;
      c.departed[row] = 0;
    }
    old = c.departedAtMs[row]!;
    if (old !== 0) {
      if ((now & 131072) === 0) log.add(145, row, old);
      now |= 131072;
      c.departedAtMs[row] = 0;
    }
    old = c.cursors[row]!;
    if (old !== 0) {
      if ((now & 262144) === 0) log.add(146, row, old);
      now |= 262144;
      c.cursors[row] = 0;
    }
    touched[row] = now;
  }
}

class ExecutorAdd implements Adders<typeof T.EXECUTOR> {
  constructor(
    private readonly table: Table,
    private readonly c: ExecutorColumns,
    private readonly set: ExecutorSet,
  ) {}

  class(row: number, amount: number): number {
    const value = this.c.class[row]! + amount;
    if (value < 0) this.table.refuse('class', value);
    this.set.class(row, value);
    return value;
  }

  state(row: number, amount: number): number {
    const value = this.c.state[row]! + amount;
    if (value < 0) this.table.refuse('state', value);
    this.set.state(row, value);
    return value;
  }

  cordoned(row: number, amount: number): number {
    const value = this.c.cordoned[row]! + amount;
    if (value < 0) this.table.refuse('cordoned', value);
    this.set.cordoned(row, value);
    return value;
  }

  draining(row: number, amount: number): number {
    const value = this.c.draining[row]! + amount;
    if (value < 0) this.table.refuse('draining', value);
    this.set.draining(row, value);
    return value;
  }

  slots(row: number, amount: number): number {
    const value = this.c.slots[row]! + amount;
    if (value < 0) this.table.refuse('slots', value);
    this.set.slots(row, value);
    return value;
  }

  reserved(row: number, amount: number): number {
    const value = this.c.reserved[row]! + amount;
    if (value < 0) this.table.refuse('reserved', value);
    this.set.reserved(row, value);
    return value;
  }

  reclaiming(row: number, amount: number): number {
    const value = this.c.reclaiming[row]! + amount;
    if (value < 0) this.table.refuse('reclaiming', value);
    this.set.reclaiming(row, value);
    return value;
  }

  withdrawn(row: number, amount: number): number {
    const value = this.c.withdrawn[row]! + amount;
    if (value < 0) this.table.refuse('withdrawn', value);
    this.set.withdrawn(row, value);
    return value;
  }

  session(row: number, amount: number): number {
    const value = this.c.session[row]! + amount;
    if (value < 0) this.table.refuse('session', value);
    this.set.session(row, value);
    return value;
  }

  tokensAfter(row: number, amount: number): number {
    const value = this.c.tokensAfter[row]! + amount;
    if (value < 0) this.table.refuse('tokensAfter', value);
    this.set.tokensAfter(row, value);
    return value;
  }

  sessionMs(row: number, amount: number): number {
    const value = this.c.sessionMs[row]! + amount;
    if (value < 0) this.table.refuse('sessionMs', value);
    this.set.sessionMs(row, value);
    return value;
  }

  untilMs(row: number, amount: number): number {
    const value = this.c.untilMs[row]! + amount;
    if (value < 0) this.table.refuse('untilMs', value);
    this.set.untilMs(row, value);
    return value;
  }

  lastRelease(row: number, amount: number): number {
    const value = this.c.lastRelease[row]! + amount;
    if (value < 0) this.table.refuse('lastRelease', value);
    this.set.lastRelease(row, value);
    return value;
  }

  firstSession(row: number, amount: number): number {
    const value = this.c.firstSession[row]! + amount;
    if (value < 0) this.table.refuse('firstSession', value);
    this.set.firstSession(row, value);
    return value;
  }

  departed(row: number, amount: number): number {
    const value = this.c.departed[row]! + amount;
    if (value < 0) this.table.refuse('departed', value);
    this.set.departed(row, value);
    return value;
  }

  departedAtMs(row: number, amount: number): number {
    const value = this.c.departedAtMs[row]! + amount;
    if (value < 0) this.table.refuse('departedAtMs', value);
    this.set.departedAtMs(row, value);
    return value;
  }

  cursors(row: number, amount: number): number {
    const value = this.c.cursors[row]! + amount;
    if (value < 0) this.table.refuse('cursors', value);
    this.set.cursors(row, value);
    return value;
  }
}

/** Rows of `executor`. */
export class ExecutorRows {
  /** Columns by name. */
  readonly c = new ExecutorColumns();
  readonly table: Table<typeof T.EXECUTOR>;
  readonly set: ExecutorSet;
  readonly add: ExecutorAdd;
  private readonly index: SequenceIndex;

  constructor(shape?: TableShape<typeof T.EXECUTOR>) {
    this.table = new Table(4, 'executor', T.EXECUTOR, shape, this.c, true);
    this.index = this.table.index as SequenceIndex;
    this.set = new ExecutorSet(this.table, this.c);
    this.add = new ExecutorAdd(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(seq: number): number {
    return this.index.get(seq);
  }

  /** The row with this key, made if it is not there. */
  row(seq: number): number {
    const handle = this.index.get(seq);
    return handle === 0 ? this.table.make(seq, 0) : handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back.
   */
  clear(row: number): void {
    this.set.empty(row);
    this.table.remove(row);
  }
}

class DagColumns implements Columns<typeof T.DAG> {
  state: Columns<typeof T.DAG>['state'] = new Uint8Array(0);
  paused: Columns<typeof T.DAG>['paused'] = new Uint8Array(0);
  tenant: Columns<typeof T.DAG>['tenant'] = new Float64Array(0);
  priority: Columns<typeof T.DAG>['priority'] = new Int32Array(0);
  run: Columns<typeof T.DAG>['run'] = new Uint16Array(0);
  rules: Columns<typeof T.DAG>['rules'] = new Uint8Array(0);
  acceptedTurn: Columns<typeof T.DAG>['acceptedTurn'] = new Float64Array(0);
  acceptedAtMs: Columns<typeof T.DAG>['acceptedAtMs'] = new Float64Array(0);
  startedAtMs: Columns<typeof T.DAG>['startedAtMs'] = new Float64Array(0);
  endedAtMs: Columns<typeof T.DAG>['endedAtMs'] = new Float64Array(0);
  deadlineAtMs: Columns<typeof T.DAG>['deadlineAtMs'] = new Float64Array(0);
  hardDeadlineAtMs: Columns<typeof T.DAG>['hardDeadlineAtMs'] = new Float64Array(0);
  riskAtMs: Columns<typeof T.DAG>['riskAtMs'] = new Float64Array(0);
  deadlineFlags: Columns<typeof T.DAG>['deadlineFlags'] = new Uint8Array(0);
  work: Columns<typeof T.DAG>['work'] = new Float64Array(0);
  dagFinish: Columns<typeof T.DAG>['dagFinish'] = new Float64Array(0);
  dueAtMs: Columns<typeof T.DAG>['dueAtMs'] = new Float64Array(0);
  jobsTotal: Columns<typeof T.DAG>['jobsTotal'] = new Uint32Array(0);
  jobsLeft: Columns<typeof T.DAG>['jobsLeft'] = new Uint32Array(0);
  jobsFailed: Columns<typeof T.DAG>['jobsFailed'] = new Uint32Array(0);
  specJobs: Columns<typeof T.DAG>['specJobs'] = new Uint32Array(0);
  outcome: Columns<typeof T.DAG>['outcome'] = new Uint8Array(0);
  code: Columns<typeof T.DAG>['code'] = [] as string[];
  cursors: Columns<typeof T.DAG>['cursors'] = new Uint32Array(0);
  specA: Columns<typeof T.DAG>['specA'] = new Uint32Array(0);
  specB: Columns<typeof T.DAG>['specB'] = new Uint32Array(0);
  retiredSeq: Columns<typeof T.DAG>['retiredSeq'] = new Float64Array(0);
  reopening: Columns<typeof T.DAG>['reopening'] = new Uint32Array(0);
  recounted: Columns<typeof T.DAG>['recounted'] = new Uint32Array(0);
  workDone: Columns<typeof T.DAG>['workDone'] = new Float64Array(0);
  reopenedAtMs: Columns<typeof T.DAG>['reopenedAtMs'] = new Float64Array(0);
  fairDags: Columns<typeof T.DAG>['fairDags'] = new Uint16Array(0);
}

class DagSet implements Setters<typeof T.DAG> {
  constructor(
    private readonly table: Table,
    private readonly c: DagColumns,
  ) {}

  state(row: number, value: number): void {
    const column = this.c.state;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1) === 0) this.table.note(row, touched | 1, 160, before);
    column[row] = value;
  }

  paused(row: number, value: number): void {
    const column = this.c.paused;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2) === 0) this.table.note(row, touched | 2, 161, before);
    column[row] = value;
  }

  tenant(row: number, value: number): void {
    const column = this.c.tenant;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4) === 0) this.table.note(row, touched | 4, 162, before);
    column[row] = value;
  }

  priority(row: number, value: number): void {
    const column = this.c.priority;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8) === 0) this.table.note(row, touched | 8, 163, before);
    column[row] = value;
  }

  run(row: number, value: number): void {
    const column = this.c.run;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16) === 0) this.table.note(row, touched | 16, 164, before);
    column[row] = value;
  }

  rules(row: number, value: number): void {
    const column = this.c.rules;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 32) === 0) this.table.note(row, touched | 32, 165, before);
    column[row] = value;
  }

  acceptedTurn(row: number, value: number): void {
    const column = this.c.acceptedTurn;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 64) === 0) this.table.note(row, touched | 64, 166, before);
    column[row] = value;
  }

  acceptedAtMs(row: number, value: number): void {
    const column = this.c.acceptedAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 128) === 0) this.table.note(row, touched | 128, 167, before);
    column[row] = value;
  }

  startedAtMs(row: number, value: number): void {
    const column = this.c.startedAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 256) === 0) this.table.note(row, touched | 256, 168, before);
    column[row] = value;
  }

  endedAtMs(row: number, value: number): void {
    const column = this.c.endedAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 512) === 0) this.table.note(row, touched | 512, 169, before);
    column[row] = value;
  }

  deadlineAtMs(row: number, value: number): void {
    const column = this.c.deadlineAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1024) === 0) this.table.note(row, touched | 1024, 170, before);
    column[row] = value;
  }

  hardDeadlineAtMs(row: number, value: number): void {
    const column = this.c.hardDeadlineAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2048) === 0) this.table.note(row, touched | 2048, 171, before);
    column[row] = value;
  }

  riskAtMs(row: number, value: number): void {
    const column = this.c.riskAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4096) === 0) this.table.note(row, touched | 4096, 172, before);
    column[row] = value;
  }

  deadlineFlags(row: number, value: number): void {
    const column = this.c.deadlineFlags;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8192) === 0) this.table.note(row, touched | 8192, 173, before);
    column[row] = value;
  }

  work(row: number, value: number): void {
    const column = this.c.work;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16384) === 0) this.table.note(row, touched | 16384, 174, before);
    column[row] = value;
  }

  dagFinish(row: number, value: number): void {
    const column = this.c.dagFinish;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 32768) === 0) this.table.note(row, touched | 32768, 175, before);
    column[row] = value;
  }

  dueAtMs(row: number, value: number): void {
    const column = this.c.dueAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 65536) === 0) this.table.note(row, touched | 65536, 176, before);
    column[row] = value;
  }

  jobsTotal(row: number, value: number): void {
    const column = this.c.jobsTotal;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 131072) === 0) this.table.note(row, touched | 131072, 177, before);
    column[row] = value;
  }

  jobsLeft(row: number, value: number): void {
    const column = this.c.jobsLeft;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 262144) === 0) this.table.note(row, touched | 262144, 178, before);
    column[row] = value;
  }

  jobsFailed(row: number, value: number): void {
    const column = this.c.jobsFailed;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 524288) === 0) this.table.note(row, touched | 524288, 179, before);
    column[row] = value;
  }

  specJobs(row: number, value: number): void {
    const column = this.c.specJobs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1048576) === 0) this.table.note(row, touched | 1048576, 180, before);
    column[row] = value;
  }

  outcome(row: number, value: number): void {
    const column = this.c.outcome;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2097152) === 0) this.table.note(row, touched | 2097152, 181, before);
    column[row] = value;
  }

  code(row: number, value: string): void {
    const column = this.c.code;
    const before = column[row] ?? '';
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4194304) === 0) this.table.noteText(row, touched | 4194304, 182, before);
    column[row] = value;
  }

  cursors(row: number, value: number): void {
    const column = this.c.cursors;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8388608) === 0) this.table.note(row, touched | 8388608, 183, before);
    column[row] = value;
  }

  specA(row: number, value: number): void {
    const column = this.c.specA;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16777216) === 0) this.table.note(row, touched | 16777216, 184, before);
    column[row] = value;
  }

  specB(row: number, value: number): void {
    const column = this.c.specB;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 33554432) === 0) this.table.note(row, touched | 33554432, 185, before);
    column[row] = value;
  }

  retiredSeq(row: number, value: number): void {
    const column = this.c.retiredSeq;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 67108864) === 0) this.table.note(row, touched | 67108864, 186, before);
    column[row] = value;
  }

  reopening(row: number, value: number): void {
    const column = this.c.reopening;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 134217728) === 0) this.table.note(row, touched | 134217728, 187, before);
    column[row] = value;
  }

  recounted(row: number, value: number): void {
    const column = this.c.recounted;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 268435456) === 0) this.table.note(row, touched | 268435456, 188, before);
    column[row] = value;
  }

  workDone(row: number, value: number): void {
    const column = this.c.workDone;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 536870912) === 0) this.table.note(row, touched | 536870912, 189, before);
    column[row] = value;
  }

  reopenedAtMs(row: number, value: number): void {
    const column = this.c.reopenedAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1073741824) === 0) this.table.note(row, touched | 1073741824, 190, before);
    column[row] = value;
  }

  fairDags(row: number, value: number): void {
    const column = this.c.fairDags;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & -2147483648) === 0) this.table.note(row, touched | -2147483648, 191, before);
    column[row] = value;
  }

  empty(row: number): void {
    const { c } = this;
    this.code(row, '');
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
    old = c.state[row]!;
    if (old !== 0) {
      if ((now & 1) === 0) log.add(160, row, old);
      now |= 1;
      c.state[row] = 0;
    }
    old = c.paused[row]!;
    if (old !== 0) {
      if ((now & 2) === 0) log.add(161, row, old);
      now |= 2;
      c.paused[row] = 0;
    }
    old = c.tenant[row]!;
    if (old !== 0) {
      if ((now & 4) === 0) log.add(162, row, old);
      now |= 4;
      c.tenant[row] = 0;
    }
    old = c.priority[row]!;
    if (old !== 0) {
      if ((now & 8) === 0) log.add(163, row, old);
      now |= 8;
      c.priority[row] = 0;
    }
    old = c.run[row]!;
    if (old !== 0) {
      if ((now & 16) === 0) log.add(164, row, old);
      now |= 16;
      c.run[row] = 0;
    }
    old = c.rules[row]!;
    if (old !== 0) {
      if ((now & 32) === 0) log.add(165, row, old);
      now |= 32;
      c.rules[row] = 0;
    }
    old = c.acceptedTurn[row]!;
    if (old !== 0) {
      if ((now & 64) === 0) log.add(166, row, old);
      now |= 64;
      c.acceptedTurn[row] = 0;
    }
    old = c.acceptedAtMs[row]!;
    if (old !== 0) {
      if ((now & 128) === 0) log.add(167, row, old);
      now |= 128;
      c.acceptedAtMs[row] = 0;
    }
    old = c.startedAtMs[row]!;
    if (old !== 0) {
      if ((now & 256) === 0) log.add(168, row, old);
      now |= 256;
      c.startedAtMs[row] = 0;
    }
    old = c.endedAtMs[row]!;
    if (old !== 0) {
      if ((now & 512) === 0) log.add(169, row, old);
      now |= 512;
      c.endedAtMs[row] = 0;
    }
    old = c.deadlineAtMs[row]!;
    if (old !== 0) {
      if ((now & 1024) === 0) log.add(170, row, old);
      now |= 1024;
      c.deadlineAtMs[row] = 0;
    }
    old = c.hardDeadlineAtMs[row]!;
    if (old !== 0) {
      if ((now & 2048) === 0) log.add(171, row, old);
      now |= 2048;
      c.hardDeadlineAtMs[row] = 0;
    }
    old = c.riskAtMs[row]!;
    if (old !== 0) {
      if ((now & 4096) === 0) log.add(172, row, old);
      now |= 4096;
      c.riskAtMs[row] = 0;
    }
    old = c.deadlineFlags[row]!;
    if (old !== 0) {
      if ((now & 8192) === 0) log.add(173, row, old);
      now |= 8192;
      c.deadlineFlags[row] = 0;
    }
    old = c.work[row]!;
    if (old !== 0) {
      if ((now & 16384) === 0) log.add(174, row, old);
      now |= 16384;
      c.work[row] = 0;
    }
    old = c.dagFinish[row]!;
    if (old !== 0) {
      if ((now & 32768) === 0) log.add(175, row, old);
      now |= 32768;
      c.dagFinish[row] = 0;
    }
    old = c.dueAtMs[row]!;
    if (old !== 0) {
      if ((now & 65536) === 0) log.add(176, row, old);
      now |= 65536;
      c.dueAtMs[row] = 0;
    }
    old = c.jobsTotal[row]!;
    if (old !== 0) {
      if ((now & 131072) === 0) log.add(177, row, old);
      now |= 131072;
      c.jobsTotal[row] = 0;
    }
    old = c.jobsLeft[row]!;
    if (old !== 0) {
      if ((now & 262144) === 0) log.add(178, row, old);
      now |= 262144;
      c.jobsLeft[row] = 0;
    }
    old = c.jobsFailed[row]!;
    if (old !== 0) {
      if ((now & 524288) === 0) log.add(179, row, old);
      now |= 524288;
      c.jobsFailed[row] = 0;
    }
    old = c.specJobs[row]!;
    if (old !== 0) {
      if ((now & 1048576) === 0) log.add(180, row, old);
      now |= 1048576;
      c.specJobs[row] = 0;
    }
    old = c.outcome[row]!;
    if (old !== 0) {
      if ((now & 2097152) === 0) log.add(181, row, old);
      now |= 2097152;
      c.outcome[row] = 0;
    }
    old = c.cursors[row]!;
    if (old !== 0) {
      if ((now & 8388608) === 0) log.add(183, row, old);
      now |= 8388608;
      c.cursors[row] = 0;
    }
    old = c.specA[row]!;
    if (old !== 0) {
      if ((now & 16777216) === 0) log.add(184, row, old);
      now |= 16777216;
      c.specA[row] = 0;
    }
    old = c.specB[row]!;
    if (old !== 0) {
      if ((now & 33554432) === 0) log.add(185, row, old);
      now |= 33554432;
      c.specB[row] = 0;
    }
    old = c.retiredSeq[row]!;
    if (old !== 0) {
      if ((now & 67108864) === 0) log.add(186, row, old);
      now |= 67108864;
      c.retiredSeq[row] = 0;
    }
    old = c.reopening[row]!;
    if (old !== 0) {
      if ((now & 134217728) === 0) log.add(187, row, old);
      now |= 134217728;
      c.reopening[row] = 0;
    }
    old = c.recounted[row]!;
    if (old !== 0) {
      if ((now & 268435456) === 0) log.add(188, row, old);
      now |= 268435456;
      c.recounted[row] = 0;
    }
    old = c.workDone[row]!;
    if (old !== 0) {
      if ((now & 536870912) === 0) log.add(189, row, old);
      now |= 536870912;
      c.workDone[row] = 0;
    }
    old = c.reopenedAtMs[row]!;
    if (old !== 0) {
      if ((now & 1073741824) === 0) log.add(190, row, old);
      now |= 1073741824;
      c.reopenedAtMs[row] = 0;
    }
    old = c.fairDags[row]!;
    if (old !== 0) {
      if ((now & -2147483648) === 0) log.add(191, row, old);
      now |= -2147483648;
      c.fairDags[row] = 0;
    }
    touched[row] = now;
  }
}

class DagAdd implements Adders<typeof T.DAG> {
  constructor(
    private readonly table: Table,
    private readonly c: DagColumns,
    private readonly set: DagSet,
  ) {}

  state(row: number, amount: number): number {
    const value = this.c.state[row]! + amount;
    if (value < 0) this.table.refuse('state', value);
    this.set.state(row, value);
    return value;
  }

  paused(row: number, amount: number): number {
    const value = this.c.paused[row]! + amount;
    if (value < 0) this.table.refuse('paused', value);
    this.set.paused(row, value);
    return value;
  }

  tenant(row: number, amount: number): number {
    const value = this.c.tenant[row]! + amount;
    if (value < 0) this.table.refuse('tenant', value);
    this.set.tenant(row, value);
    return value;
  }

  priority(row: number, amount: number): number {
    const value = this.c.priority[row]! + amount;
    this.set.priority(row, value);
    return value;
  }

  run(row: number, amount: number): number {
    const value = this.c.run[row]! + amount;
    if (value < 0) this.table.refuse('run', value);
    this.set.run(row, value);
    return value;
  }

  rules(row: number, amount: number): number {
    const value = this.c.rules[row]! + amount;
    if (value < 0) this.table.refuse('rules', value);
    this.set.rules(row, value);
    return value;
  }

  acceptedTurn(row: number, amount: number): number {
    const value = this.c.acceptedTurn[row]! + amount;
    if (value < 0) this.table.refuse('acceptedTurn', value);
    this.set.acceptedTurn(row, value);
    return value;
  }

  acceptedAtMs(row: number, amount: number): number {
    const value = this.c.acceptedAtMs[row]! + amount;
    if (value < 0) this.table.refuse('acceptedAtMs', value);
    this.set.acceptedAtMs(row, value);
    return value;
  }

  startedAtMs(row: number, amount: number): number {
    const value = this.c.startedAtMs[row]! + amount;
    if (value < 0) this.table.refuse('startedAtMs', value);
    this.set.startedAtMs(row, value);
    return value;
  }

  endedAtMs(row: number, amount: number): number {
    const value = this.c.endedAtMs[row]! + amount;
    if (value < 0) this.table.refuse('endedAtMs', value);
    this.set.endedAtMs(row, value);
    return value;
  }

  deadlineAtMs(row: number, amount: number): number {
    const value = this.c.deadlineAtMs[row]! + amount;
    if (value < 0) this.table.refuse('deadlineAtMs', value);
    this.set.deadlineAtMs(row, value);
    return value;
  }

  hardDeadlineAtMs(row: number, amount: number): number {
    const value = this.c.hardDeadlineAtMs[row]! + amount;
    if (value < 0) this.table.refuse('hardDeadlineAtMs', value);
    this.set.hardDeadlineAtMs(row, value);
    return value;
  }

  riskAtMs(row: number, amount: number): number {
    const value = this.c.riskAtMs[row]! + amount;
    if (value < 0) this.table.refuse('riskAtMs', value);
    this.set.riskAtMs(row, value);
    return value;
  }

  deadlineFlags(row: number, amount: number): number {
    const value = this.c.deadlineFlags[row]! + amount;
    if (value < 0) this.table.refuse('deadlineFlags', value);
    this.set.deadlineFlags(row, value);
    return value;
  }

  work(row: number, amount: number): number {
    const value = this.c.work[row]! + amount;
    if (value < 0) this.table.refuse('work', value);
    this.set.work(row, value);
    return value;
  }

  dagFinish(row: number, amount: number): number {
    const value = this.c.dagFinish[row]! + amount;
    if (value < 0) this.table.refuse('dagFinish', value);
    this.set.dagFinish(row, value);
    return value;
  }

  dueAtMs(row: number, amount: number): number {
    const value = this.c.dueAtMs[row]! + amount;
    if (value < 0) this.table.refuse('dueAtMs', value);
    this.set.dueAtMs(row, value);
    return value;
  }

  jobsTotal(row: number, amount: number): number {
    const value = this.c.jobsTotal[row]! + amount;
    if (value < 0) this.table.refuse('jobsTotal', value);
    this.set.jobsTotal(row, value);
    return value;
  }

  jobsLeft(row: number, amount: number): number {
    const value = this.c.jobsLeft[row]! + amount;
    if (value < 0) this.table.refuse('jobsLeft', value);
    this.set.jobsLeft(row, value);
    return value;
  }

  jobsFailed(row: number, amount: number): number {
    const value = this.c.jobsFailed[row]! + amount;
    if (value < 0) this.table.refuse('jobsFailed', value);
    this.set.jobsFailed(row, value);
    return value;
  }

  specJobs(row: number, amount: number): number {
    const value = this.c.specJobs[row]! + amount;
    if (value < 0) this.table.refuse('specJobs', value);
    this.set.specJobs(row, value);
    return value;
  }

  outcome(row: number, amount: number): number {
    const value = this.c.outcome[row]! + amount;
    if (value < 0) this.table.refuse('outcome', value);
    this.set.outcome(row, value);
    return value;
  }

  cursors(row: number, amount: number): number {
    const value = this.c.cursors[row]! + amount;
    if (value < 0) this.table.refuse('cursors', value);
    this.set.cursors(row, value);
    return value;
  }

  specA(row: number, amount: number): number {
    const value = this.c.specA[row]! + amount;
    if (value < 0) this.table.refuse('specA', value);
    this.set.specA(row, value);
    return value;
  }

  specB(row: number, amount: number): number {
    const value = this.c.specB[row]! + amount;
    if (value < 0) this.table.refuse('specB', value);
    this.set.specB(row, value);
    return value;
  }

  retiredSeq(row: number, amount: number): number {
    const value = this.c.retiredSeq[row]! + amount;
    if (value < 0) this.table.refuse('retiredSeq', value);
    this.set.retiredSeq(row, value);
    return value;
  }

  reopening(row: number, amount: number): number {
    const value = this.c.reopening[row]! + amount;
    if (value < 0) this.table.refuse('reopening', value);
    this.set.reopening(row, value);
    return value;
  }

  recounted(row: number, amount: number): number {
    const value = this.c.recounted[row]! + amount;
    if (value < 0) this.table.refuse('recounted', value);
    this.set.recounted(row, value);
    return value;
  }

  workDone(row: number, amount: number): number {
    const value = this.c.workDone[row]! + amount;
    if (value < 0) this.table.refuse('workDone', value);
    this.set.workDone(row, value);
    return value;
  }

  reopenedAtMs(row: number, amount: number): number {
    const value = this.c.reopenedAtMs[row]! + amount;
    if (value < 0) this.table.refuse('reopenedAtMs', value);
    this.set.reopenedAtMs(row, value);
    return value;
  }

  fairDags(row: number, amount: number): number {
    const value = this.c.fairDags[row]! + amount;
    if (value < 0) this.table.refuse('fairDags', value);
    this.set.fairDags(row, value);
    return value;
  }
}

/** Rows of `dag`. */
export class DagRows {
  /** Columns by name. */
  readonly c = new DagColumns();
  readonly table: Table<typeof T.DAG>;
  readonly set: DagSet;
  readonly add: DagAdd;
  private readonly index: SequenceIndex;

  constructor(shape?: TableShape<typeof T.DAG>) {
    this.table = new Table(5, 'dag', T.DAG, shape, this.c, true);
    this.index = this.table.index as SequenceIndex;
    this.set = new DagSet(this.table, this.c);
    this.add = new DagAdd(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(seq: number): number {
    return this.index.get(seq);
  }

  /** The row with this key, made if it is not there. */
  row(seq: number): number {
    const handle = this.index.get(seq);
    return handle === 0 ? this.table.make(seq, 0) : handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back.
   */
  clear(row: number): void {
    this.set.empty(row);
    this.table.remove(row);
  }
}

class JobColumns implements Columns<typeof T.JOB> {
  state: Columns<typeof T.JOB>['state'] = new Uint8Array(0);
  flags: Columns<typeof T.JOB>['flags'] = new Uint16Array(0);
  class: Columns<typeof T.JOB>['class'] = new Uint16Array(0);
  moreSlots: Columns<typeof T.JOB>['moreSlots'] = new Uint16Array(0);
  join: Columns<typeof T.JOB>['join'] = new Uint32Array(0);
  left: Columns<typeof T.JOB>['left'] = new Uint32Array(0);
  good: Columns<typeof T.JOB>['good'] = new Uint32Array(0);
  bad: Columns<typeof T.JOB>['bad'] = new Uint32Array(0);
  attempt: Columns<typeof T.JOB>['attempt'] = new Uint32Array(0);
  lost: Columns<typeof T.JOB>['lost'] = new Uint8Array(0);
  rank: Columns<typeof T.JOB>['rank'] = new Float64Array(0);
  estimateMs: Columns<typeof T.JOB>['estimateMs'] = new Uint32Array(0);
  timeoutMs: Columns<typeof T.JOB>['timeoutMs'] = new Uint32Array(0);
  readySeq: Columns<typeof T.JOB>['readySeq'] = new Float64Array(0);
  readyAtMs: Columns<typeof T.JOB>['readyAtMs'] = new Float64Array(0);
  waitMs: Columns<typeof T.JOB>['waitMs'] = new Uint32Array(0);
  runMs: Columns<typeof T.JOB>['runMs'] = new Uint32Array(0);
  token: Columns<typeof T.JOB>['token'] = new Float64Array(0);
  digest: Columns<typeof T.JOB>['digest'] = new Float64Array(0);
  reason: Columns<typeof T.JOB>['reason'] = new Uint8Array(0);
  permille: Columns<typeof T.JOB>['permille'] = new Uint16Array(0);
  run: Columns<typeof T.JOB>['run'] = new Uint16Array(0);
  parent: Columns<typeof T.JOB>['parent'] = new Uint32Array(0);
  failures: Columns<typeof T.JOB>['failures'] = new Uint16Array(0);
  units: Columns<typeof T.JOB>['units'] = new Uint32Array(0);
  pattern: Columns<typeof T.JOB>['pattern'] = new Uint16Array(0);
}

class JobSet implements Setters<typeof T.JOB> {
  constructor(
    private readonly table: Table,
    private readonly c: JobColumns,
  ) {}

  state(row: number, value: number): void {
    const column = this.c.state;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1) === 0) this.table.note(row, touched | 1, 192, before);
    column[row] = value;
  }

  flags(row: number, value: number): void {
    const column = this.c.flags;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2) === 0) this.table.note(row, touched | 2, 193, before);
    column[row] = value;
  }

  class(row: number, value: number): void {
    const column = this.c.class;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4) === 0) this.table.note(row, touched | 4, 194, before);
    column[row] = value;
  }

  moreSlots(row: number, value: number): void {
    const column = this.c.moreSlots;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8) === 0) this.table.note(row, touched | 8, 195, before);
    column[row] = value;
  }

  join(row: number, value: number): void {
    const column = this.c.join;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16) === 0) this.table.note(row, touched | 16, 196, before);
    column[row] = value;
  }

  left(row: number, value: number): void {
    const column = this.c.left;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 32) === 0) this.table.note(row, touched | 32, 197, before);
    column[row] = value;
  }

  good(row: number, value: number): void {
    const column = this.c.good;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 64) === 0) this.table.note(row, touched | 64, 198, before);
    column[row] = value;
  }

  bad(row: number, value: number): void {
    const column = this.c.bad;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 128) === 0) this.table.note(row, touched | 128, 199, before);
    column[row] = value;
  }

  attempt(row: number, value: number): void {
    const column = this.c.attempt;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 256) === 0) this.table.note(row, touched | 256, 200, before);
    column[row] = value;
  }

  lost(row: number, value: number): void {
    const column = this.c.lost;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 512) === 0) this.table.note(row, touched | 512, 201, before);
    column[row] = value;
  }

  rank(row: number, value: number): void {
    const column = this.c.rank;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1024) === 0) this.table.note(row, touched | 1024, 202, before);
    column[row] = value;
  }

  estimateMs(row: number, value: number): void {
    const column = this.c.estimateMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2048) === 0) this.table.note(row, touched | 2048, 203, before);
    column[row] = value;
  }

  timeoutMs(row: number, value: number): void {
    const column = this.c.timeoutMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4096) === 0) this.table.note(row, touched | 4096, 204, before);
    column[row] = value;
  }

  readySeq(row: number, value: number): void {
    const column = this.c.readySeq;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8192) === 0) this.table.note(row, touched | 8192, 205, before);
    column[row] = value;
  }

  readyAtMs(row: number, value: number): void {
    const column = this.c.readyAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16384) === 0) this.table.note(row, touched | 16384, 206, before);
    column[row] = value;
  }

  waitMs(row: number, value: number): void {
    const column = this.c.waitMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 32768) === 0) this.table.note(row, touched | 32768, 207, before);
    column[row] = value;
  }

  runMs(row: number, value: number): void {
    const column = this.c.runMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 65536) === 0) this.table.note(row, touched | 65536, 208, before);
    column[row] = value;
  }

  token(row: number, value: number): void {
    const column = this.c.token;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 131072) === 0) this.table.note(row, touched | 131072, 209, before);
    column[row] = value;
  }

  digest(row: number, value: number): void {
    const column = this.c.digest;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 262144) === 0) this.table.note(row, touched | 262144, 210, before);
    column[row] = value;
  }

  reason(row: number, value: number): void {
    const column = this.c.reason;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 524288) === 0) this.table.note(row, touched | 524288, 211, before);
    column[row] = value;
  }

  permille(row: number, value: number): void {
    const column = this.c.permille;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1048576) === 0) this.table.note(row, touched | 1048576, 212, before);
    column[row] = value;
  }

  run(row: number, value: number): void {
    const column = this.c.run;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2097152) === 0) this.table.note(row, touched | 2097152, 213, before);
    column[row] = value;
  }

  parent(row: number, value: number): void {
    const column = this.c.parent;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4194304) === 0) this.table.note(row, touched | 4194304, 214, before);
    column[row] = value;
  }

  failures(row: number, value: number): void {
    const column = this.c.failures;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8388608) === 0) this.table.note(row, touched | 8388608, 215, before);
    column[row] = value;
  }

  units(row: number, value: number): void {
    const column = this.c.units;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16777216) === 0) this.table.note(row, touched | 16777216, 216, before);
    column[row] = value;
  }

  pattern(row: number, value: number): void {
    const column = this.c.pattern;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 33554432) === 0) this.table.note(row, touched | 33554432, 217, before);
    column[row] = value;
  }

  empty(row: number): void {
    const { c } = this;
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
    old = c.state[row]!;
    if (old !== 0) {
      if ((now & 1) === 0) log.add(192, row, old);
      now |= 1;
      c.state[row] = 0;
    }
    old = c.flags[row]!;
    if (old !== 0) {
      if ((now & 2) === 0) log.add(193, row, old);
      now |= 2;
      c.flags[row] = 0;
    }
    old = c.class[row]!;
    if (old !== 0) {
      if ((now & 4) === 0) log.add(194, row, old);
      now |= 4;
      c.class[row] = 0;
    }
    old = c.moreSlots[row]!;
    if (old !== 0) {
      if ((now & 8) === 0) log.add(195, row, old);
      now |= 8;
      c.moreSlots[row] = 0;
    }
    old = c.join[row]!;
    if (old !== 0) {
      if ((now & 16) === 0) log.add(196, row, old);
      now |= 16;
      c.join[row] = 0;
    }
    old = c.left[row]!;
    if (old !== 0) {
      if ((now & 32) === 0) log.add(197, row, old);
      now |= 32;
      c.left[row] = 0;
    }
    old = c.good[row]!;
    if (old !== 0) {
      if ((now & 64) === 0) log.add(198, row, old);
      now |= 64;
      c.good[row] = 0;
    }
    old = c.bad[row]!;
    if (old !== 0) {
      if ((now & 128) === 0) log.add(199, row, old);
      now |= 128;
      c.bad[row] = 0;
    }
    old = c.attempt[row]!;
    if (old !== 0) {
      if ((now & 256) === 0) log.add(200, row, old);
      now |= 256;
      c.attempt[row] = 0;
    }
    old = c.lost[row]!;
    if (old !== 0) {
      if ((now & 512) === 0) log.add(201, row, old);
      now |= 512;
      c.lost[row] = 0;
    }
    old = c.rank[row]!;
    if (old !== 0) {
      if ((now & 1024) === 0) log.add(202, row, old);
      now |= 1024;
      c.rank[row] = 0;
    }
    old = c.estimateMs[row]!;
    if (old !== 0) {
      if ((now & 2048) === 0) log.add(203, row, old);
      now |= 2048;
      c.estimateMs[row] = 0;
    }
    old = c.timeoutMs[row]!;
    if (old !== 0) {
      if ((now & 4096) === 0) log.add(204, row, old);
      now |= 4096;
      c.timeoutMs[row] = 0;
    }
    old = c.readySeq[row]!;
    if (old !== 0) {
      if ((now & 8192) === 0) log.add(205, row, old);
      now |= 8192;
      c.readySeq[row] = 0;
    }
    old = c.readyAtMs[row]!;
    if (old !== 0) {
      if ((now & 16384) === 0) log.add(206, row, old);
      now |= 16384;
      c.readyAtMs[row] = 0;
    }
    old = c.waitMs[row]!;
    if (old !== 0) {
      if ((now & 32768) === 0) log.add(207, row, old);
      now |= 32768;
      c.waitMs[row] = 0;
    }
    old = c.runMs[row]!;
    if (old !== 0) {
      if ((now & 65536) === 0) log.add(208, row, old);
      now |= 65536;
      c.runMs[row] = 0;
    }
    old = c.token[row]!;
    if (old !== 0) {
      if ((now & 131072) === 0) log.add(209, row, old);
      now |= 131072;
      c.token[row] = 0;
    }
    old = c.digest[row]!;
    if (old !== 0) {
      if ((now & 262144) === 0) log.add(210, row, old);
      now |= 262144;
      c.digest[row] = 0;
    }
    old = c.reason[row]!;
    if (old !== 0) {
      if ((now & 524288) === 0) log.add(211, row, old);
      now |= 524288;
      c.reason[row] = 0;
    }
    old = c.permille[row]!;
    if (old !== 0) {
      if ((now & 1048576) === 0) log.add(212, row, old);
      now |= 1048576;
      c.permille[row] = 0;
    }
    old = c.run[row]!;
    if (old !== 0) {
      if ((now & 2097152) === 0) log.add(213, row, old);
      now |= 2097152;
      c.run[row] = 0;
    }
    old = c.parent[row]!;
    if (old !== 0) {
      if ((now & 4194304) === 0) log.add(214, row, old);
      now |= 4194304;
      c.parent[row] = 0;
    }
    old = c.failures[row]!;
    if (old !== 0) {
      if ((now & 8388608) === 0) log.add(215, row, old);
      now |= 8388608;
      c.failures[row] = 0;
    }
    old = c.units[row]!;
    if (old !== 0) {
      if ((now & 16777216) === 0) log.add(216, row, old);
      now |= 16777216;
      c.units[row] = 0;
    }
    old = c.pattern[row]!;
    if (old !== 0) {
      if ((now & 33554432) === 0) log.add(217, row, old);
      now |= 33554432;
      c.pattern[row] = 0;
    }
    touched[row] = now;
  }
}

class JobAdd implements Adders<typeof T.JOB> {
  constructor(
    private readonly table: Table,
    private readonly c: JobColumns,
    private readonly set: JobSet,
  ) {}

  state(row: number, amount: number): number {
    const value = this.c.state[row]! + amount;
    if (value < 0) this.table.refuse('state', value);
    this.set.state(row, value);
    return value;
  }

  flags(row: number, amount: number): number {
    const value = this.c.flags[row]! + amount;
    if (value < 0) this.table.refuse('flags', value);
    this.set.flags(row, value);
    return value;
  }

  class(row: number, amount: number): number {
    const value = this.c.class[row]! + amount;
    if (value < 0) this.table.refuse('class', value);
    this.set.class(row, value);
    return value;
  }

  moreSlots(row: number, amount: number): number {
    const value = this.c.moreSlots[row]! + amount;
    if (value < 0) this.table.refuse('moreSlots', value);
    this.set.moreSlots(row, value);
    return value;
  }

  join(row: number, amount: number): number {
    const value = this.c.join[row]! + amount;
    if (value < 0) this.table.refuse('join', value);
    this.set.join(row, value);
    return value;
  }

  left(row: number, amount: number): number {
    const value = this.c.left[row]! + amount;
    if (value < 0) this.table.refuse('left', value);
    this.set.left(row, value);
    return value;
  }

  good(row: number, amount: number): number {
    const value = this.c.good[row]! + amount;
    if (value < 0) this.table.refuse('good', value);
    this.set.good(row, value);
    return value;
  }

  bad(row: number, amount: number): number {
    const value = this.c.bad[row]! + amount;
    if (value < 0) this.table.refuse('bad', value);
    this.set.bad(row, value);
    return value;
  }

  attempt(row: number, amount: number): number {
    const value = this.c.attempt[row]! + amount;
    if (value < 0) this.table.refuse('attempt', value);
    this.set.attempt(row, value);
    return value;
  }

  lost(row: number, amount: number): number {
    const value = this.c.lost[row]! + amount;
    if (value < 0) this.table.refuse('lost', value);
    this.set.lost(row, value);
    return value;
  }

  rank(row: number, amount: number): number {
    const value = this.c.rank[row]! + amount;
    if (value < 0) this.table.refuse('rank', value);
    this.set.rank(row, value);
    return value;
  }

  estimateMs(row: number, amount: number): number {
    const value = this.c.estimateMs[row]! + amount;
    if (value < 0) this.table.refuse('estimateMs', value);
    this.set.estimateMs(row, value);
    return value;
  }

  timeoutMs(row: number, amount: number): number {
    const value = this.c.timeoutMs[row]! + amount;
    if (value < 0) this.table.refuse('timeoutMs', value);
    this.set.timeoutMs(row, value);
    return value;
  }

  readySeq(row: number, amount: number): number {
    const value = this.c.readySeq[row]! + amount;
    if (value < 0) this.table.refuse('readySeq', value);
    this.set.readySeq(row, value);
    return value;
  }

  readyAtMs(row: number, amount: number): number {
    const value = this.c.readyAtMs[row]! + amount;
    if (value < 0) this.table.refuse('readyAtMs', value);
    this.set.readyAtMs(row, value);
    return value;
  }

  waitMs(row: number, amount: number): number {
    const value = this.c.waitMs[row]! + amount;
    if (value < 0) this.table.refuse('waitMs', value);
    this.set.waitMs(row, value);
    return value;
  }

  runMs(row: number, amount: number): number {
    const value = this.c.runMs[row]! + amount;
    if (value < 0) this.table.refuse('runMs', value);
    this.set.runMs(row, value);
    return value;
  }

  token(row: number, amount: number): number {
    const value = this.c.token[row]! + amount;
    if (value < 0) this.table.refuse('token', value);
    this.set.token(row, value);
    return value;
  }

  digest(row: number, amount: number): number {
    const value = this.c.digest[row]! + amount;
    if (value < 0) this.table.refuse('digest', value);
    this.set.digest(row, value);
    return value;
  }

  reason(row: number, amount: number): number {
    const value = this.c.reason[row]! + amount;
    if (value < 0) this.table.refuse('reason', value);
    this.set.reason(row, value);
    return value;
  }

  permille(row: number, amount: number): number {
    const value = this.c.permille[row]! + amount;
    if (value < 0) this.table.refuse('permille', value);
    this.set.permille(row, value);
    return value;
  }

  run(row: number, amount: number): number {
    const value = this.c.run[row]! + amount;
    if (value < 0) this.table.refuse('run', value);
    this.set.run(row, value);
    return value;
  }

  parent(row: number, amount: number): number {
    const value = this.c.parent[row]! + amount;
    if (value < 0) this.table.refuse('parent', value);
    this.set.parent(row, value);
    return value;
  }

  failures(row: number, amount: number): number {
    const value = this.c.failures[row]! + amount;
    if (value < 0) this.table.refuse('failures', value);
    this.set.failures(row, value);
    return value;
  }

  units(row: number, amount: number): number {
    const value = this.c.units[row]! + amount;
    if (value < 0) this.table.refuse('units', value);
    this.set.units(row, value);
    return value;
  }

  pattern(row: number, amount: number): number {
    const value = this.c.pattern[row]! + amount;
    if (value < 0) this.table.refuse('pattern', value);
    this.set.pattern(row, value);
    return value;
  }
}

/** Rows of `job`. */
export class JobRows {
  /** Columns by name. */
  readonly c = new JobColumns();
  readonly table: Table<typeof T.JOB>;
  readonly set: JobSet;
  readonly add: JobAdd;

  constructor(shape?: TableShape<typeof T.JOB>) {
    this.table = new Table(6, 'job', T.JOB, shape, this.c, false);
    this.set = new JobSet(this.table, this.c);
    this.add = new JobAdd(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }
}

class FanColumns implements Columns<typeof T.FAN> {
  base: Columns<typeof T.FAN>['base'] = new Uint32Array(0);
  count: Columns<typeof T.FAN>['count'] = new Uint32Array(0);
  made: Columns<typeof T.FAN>['made'] = new Uint32Array(0);
  tolerate: Columns<typeof T.FAN>['tolerate'] = new Uint32Array(0);
  estimateMs: Columns<typeof T.FAN>['estimateMs'] = new Uint32Array(0);
  run: Columns<typeof T.FAN>['run'] = new Uint16Array(0);
  room: Columns<typeof T.FAN>['room'] = new Uint32Array(0);
}

class FanSet implements Setters<typeof T.FAN> {
  constructor(
    private readonly table: Table,
    private readonly c: FanColumns,
  ) {}

  base(row: number, value: number): void {
    const column = this.c.base;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1) === 0) this.table.note(row, touched | 1, 224, before);
    column[row] = value;
  }

  count(row: number, value: number): void {
    const column = this.c.count;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2) === 0) this.table.note(row, touched | 2, 225, before);
    column[row] = value;
  }

  made(row: number, value: number): void {
    const column = this.c.made;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4) === 0) this.table.note(row, touched | 4, 226, before);
    column[row] = value;
  }

  tolerate(row: number, value: number): void {
    const column = this.c.tolerate;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8) === 0) this.table.note(row, touched | 8, 227, before);
    column[row] = value;
  }

  estimateMs(row: number, value: number): void {
    const column = this.c.estimateMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16) === 0) this.table.note(row, touched | 16, 228, before);
    column[row] = value;
  }

  run(row: number, value: number): void {
    const column = this.c.run;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 32) === 0) this.table.note(row, touched | 32, 229, before);
    column[row] = value;
  }

  room(row: number, value: number): void {
    const column = this.c.room;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 64) === 0) this.table.note(row, touched | 64, 230, before);
    column[row] = value;
  }

  empty(row: number): void {
    const { c } = this;
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
    old = c.base[row]!;
    if (old !== 0) {
      if ((now & 1) === 0) log.add(224, row, old);
      now |= 1;
      c.base[row] = 0;
    }
    old = c.count[row]!;
    if (old !== 0) {
      if ((now & 2) === 0) log.add(225, row, old);
      now |= 2;
      c.count[row] = 0;
    }
    old = c.made[row]!;
    if (old !== 0) {
      if ((now & 4) === 0) log.add(226, row, old);
      now |= 4;
      c.made[row] = 0;
    }
    old = c.tolerate[row]!;
    if (old !== 0) {
      if ((now & 8) === 0) log.add(227, row, old);
      now |= 8;
      c.tolerate[row] = 0;
    }
    old = c.estimateMs[row]!;
    if (old !== 0) {
      if ((now & 16) === 0) log.add(228, row, old);
      now |= 16;
      c.estimateMs[row] = 0;
    }
    old = c.run[row]!;
    if (old !== 0) {
      if ((now & 32) === 0) log.add(229, row, old);
      now |= 32;
      c.run[row] = 0;
    }
    old = c.room[row]!;
    if (old !== 0) {
      if ((now & 64) === 0) log.add(230, row, old);
      now |= 64;
      c.room[row] = 0;
    }
    touched[row] = now;
  }
}

class FanAdd implements Adders<typeof T.FAN> {
  constructor(
    private readonly table: Table,
    private readonly c: FanColumns,
    private readonly set: FanSet,
  ) {}

  base(row: number, amount: number): number {
    const value = this.c.base[row]! + amount;
    if (value < 0) this.table.refuse('base', value);
    this.set.base(row, value);
    return value;
  }

  count(row: number, amount: number): number {
    const value = this.c.count[row]! + amount;
    if (value < 0) this.table.refuse('count', value);
    this.set.count(row, value);
    return value;
  }

  made(row: number, amount: number): number {
    const value = this.c.made[row]! + amount;
    if (value < 0) this.table.refuse('made', value);
    this.set.made(row, value);
    return value;
  }

  tolerate(row: number, amount: number): number {
    const value = this.c.tolerate[row]! + amount;
    if (value < 0) this.table.refuse('tolerate', value);
    this.set.tolerate(row, value);
    return value;
  }

  estimateMs(row: number, amount: number): number {
    const value = this.c.estimateMs[row]! + amount;
    if (value < 0) this.table.refuse('estimateMs', value);
    this.set.estimateMs(row, value);
    return value;
  }

  run(row: number, amount: number): number {
    const value = this.c.run[row]! + amount;
    if (value < 0) this.table.refuse('run', value);
    this.set.run(row, value);
    return value;
  }

  room(row: number, amount: number): number {
    const value = this.c.room[row]! + amount;
    if (value < 0) this.table.refuse('room', value);
    this.set.room(row, value);
    return value;
  }
}

/** Rows of `fan`. */
export class FanRows {
  /** Columns by name. */
  readonly c = new FanColumns();
  readonly table: Table<typeof T.FAN>;
  readonly set: FanSet;
  readonly add: FanAdd;
  private readonly index: KeyIndex;

  constructor(shape?: TableShape<typeof T.FAN>) {
    this.table = new Table(7, 'fan', T.FAN, shape, this.c, false);
    this.index = this.table.index as KeyIndex;
    this.set = new FanSet(this.table, this.c);
    this.add = new FanAdd(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(keyA: number, keyB = 0): number {
    return this.index.get(keyA, keyB);
  }

  /** The row with this key, made if it is not there. */
  row(keyA: number, keyB = 0): number {
    const handle = this.index.get(keyA, keyB);
    return handle === 0 ? this.table.make(keyA, keyB) : handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back.
   */
  clear(row: number): void {
    this.set.empty(row);
    this.table.remove(row);
  }
}

class LeaseColumns implements Columns<typeof T.LEASE> {
  state: Columns<typeof T.LEASE>['state'] = new Uint8Array(0);
  acknowledged: Columns<typeof T.LEASE>['acknowledged'] = new Uint8Array(0);
  dag: Columns<typeof T.LEASE>['dag'] = new Float64Array(0);
  job: Columns<typeof T.LEASE>['job'] = new Uint32Array(0);
  attempt: Columns<typeof T.LEASE>['attempt'] = new Uint32Array(0);
  executor: Columns<typeof T.LEASE>['executor'] = new Float64Array(0);
  moreSlots: Columns<typeof T.LEASE>['moreSlots'] = new Uint16Array(0);
  reservedAtMs: Columns<typeof T.LEASE>['reservedAtMs'] = new Float64Array(0);
  timeoutAtMs: Columns<typeof T.LEASE>['timeoutAtMs'] = new Float64Array(0);
  reclaimAtMs: Columns<typeof T.LEASE>['reclaimAtMs'] = new Float64Array(0);
  reclaimingAtMs: Columns<typeof T.LEASE>['reclaimingAtMs'] = new Float64Array(0);
  session: Columns<typeof T.LEASE>['session'] = new Float64Array(0);
  priority: Columns<typeof T.LEASE>['priority'] = new Int32Array(0);
  tenant: Columns<typeof T.LEASE>['tenant'] = new Float64Array(0);
  moreWeight: Columns<typeof T.LEASE>['moreWeight'] = new Uint16Array(0);
  cost: Columns<typeof T.LEASE>['cost'] = new Float64Array(0);
  shape: Columns<typeof T.LEASE>['shape'] = new Uint8Array(0);
  units: Columns<typeof T.LEASE>['units'] = new Uint32Array(0);
  lane: Columns<typeof T.LEASE>['lane'] = new Uint8Array(0);
  earned: Columns<typeof T.LEASE>['earned'] = new Float64Array(0);
  given: Columns<typeof T.LEASE>['given'] = new Float64Array(0);
}

class LeaseSet implements Setters<typeof T.LEASE> {
  constructor(
    private readonly table: Table,
    private readonly c: LeaseColumns,
  ) {}

  state(row: number, value: number): void {
    const column = this.c.state;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1) === 0) this.table.note(row, touched | 1, 256, before);
    column[row] = value;
  }

  acknowledged(row: number, value: number): void {
    const column = this.c.acknowledged;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2) === 0) this.table.note(row, touched | 2, 257, before);
    column[row] = value;
  }

  dag(row: number, value: number): void {
    const column = this.c.dag;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4) === 0) this.table.note(row, touched | 4, 258, before);
    column[row] = value;
  }

  job(row: number, value: number): void {
    const column = this.c.job;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8) === 0) this.table.note(row, touched | 8, 259, before);
    column[row] = value;
  }

  attempt(row: number, value: number): void {
    const column = this.c.attempt;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16) === 0) this.table.note(row, touched | 16, 260, before);
    column[row] = value;
  }

  executor(row: number, value: number): void {
    const column = this.c.executor;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 32) === 0) this.table.note(row, touched | 32, 261, before);
    column[row] = value;
  }

  moreSlots(row: number, value: number): void {
    const column = this.c.moreSlots;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 64) === 0) this.table.note(row, touched | 64, 262, before);
    column[row] = value;
  }

  reservedAtMs(row: number, value: number): void {
    const column = this.c.reservedAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 128) === 0) this.table.note(row, touched | 128, 263, before);
    column[row] = value;
  }

  timeoutAtMs(row: number, value: number): void {
    const column = this.c.timeoutAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 256) === 0) this.table.note(row, touched | 256, 264, before);
    column[row] = value;
  }

  reclaimAtMs(row: number, value: number): void {
    const column = this.c.reclaimAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 512) === 0) this.table.note(row, touched | 512, 265, before);
    column[row] = value;
  }

  reclaimingAtMs(row: number, value: number): void {
    const column = this.c.reclaimingAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1024) === 0) this.table.note(row, touched | 1024, 266, before);
    column[row] = value;
  }

  session(row: number, value: number): void {
    const column = this.c.session;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2048) === 0) this.table.note(row, touched | 2048, 267, before);
    column[row] = value;
  }

  priority(row: number, value: number): void {
    const column = this.c.priority;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4096) === 0) this.table.note(row, touched | 4096, 268, before);
    column[row] = value;
  }

  tenant(row: number, value: number): void {
    const column = this.c.tenant;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8192) === 0) this.table.note(row, touched | 8192, 269, before);
    column[row] = value;
  }

  moreWeight(row: number, value: number): void {
    const column = this.c.moreWeight;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16384) === 0) this.table.note(row, touched | 16384, 270, before);
    column[row] = value;
  }

  cost(row: number, value: number): void {
    const column = this.c.cost;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 32768) === 0) this.table.note(row, touched | 32768, 271, before);
    column[row] = value;
  }

  shape(row: number, value: number): void {
    const column = this.c.shape;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 65536) === 0) this.table.note(row, touched | 65536, 272, before);
    column[row] = value;
  }

  units(row: number, value: number): void {
    const column = this.c.units;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 131072) === 0) this.table.note(row, touched | 131072, 273, before);
    column[row] = value;
  }

  lane(row: number, value: number): void {
    const column = this.c.lane;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 262144) === 0) this.table.note(row, touched | 262144, 274, before);
    column[row] = value;
  }

  earned(row: number, value: number): void {
    const column = this.c.earned;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 524288) === 0) this.table.note(row, touched | 524288, 275, before);
    column[row] = value;
  }

  given(row: number, value: number): void {
    const column = this.c.given;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1048576) === 0) this.table.note(row, touched | 1048576, 276, before);
    column[row] = value;
  }

  empty(row: number): void {
    const { c } = this;
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
    old = c.state[row]!;
    if (old !== 0) {
      if ((now & 1) === 0) log.add(256, row, old);
      now |= 1;
      c.state[row] = 0;
    }
    old = c.acknowledged[row]!;
    if (old !== 0) {
      if ((now & 2) === 0) log.add(257, row, old);
      now |= 2;
      c.acknowledged[row] = 0;
    }
    old = c.dag[row]!;
    if (old !== 0) {
      if ((now & 4) === 0) log.add(258, row, old);
      now |= 4;
      c.dag[row] = 0;
    }
    old = c.job[row]!;
    if (old !== 0) {
      if ((now & 8) === 0) log.add(259, row, old);
      now |= 8;
      c.job[row] = 0;
    }
    old = c.attempt[row]!;
    if (old !== 0) {
      if ((now & 16) === 0) log.add(260, row, old);
      now |= 16;
      c.attempt[row] = 0;
    }
    old = c.executor[row]!;
    if (old !== 0) {
      if ((now & 32) === 0) log.add(261, row, old);
      now |= 32;
      c.executor[row] = 0;
    }
    old = c.moreSlots[row]!;
    if (old !== 0) {
      if ((now & 64) === 0) log.add(262, row, old);
      now |= 64;
      c.moreSlots[row] = 0;
    }
    old = c.reservedAtMs[row]!;
    if (old !== 0) {
      if ((now & 128) === 0) log.add(263, row, old);
      now |= 128;
      c.reservedAtMs[row] = 0;
    }
    old = c.timeoutAtMs[row]!;
    if (old !== 0) {
      if ((now & 256) === 0) log.add(264, row, old);
      now |= 256;
      c.timeoutAtMs[row] = 0;
    }
    old = c.reclaimAtMs[row]!;
    if (old !== 0) {
      if ((now & 512) === 0) log.add(265, row, old);
      now |= 512;
      c.reclaimAtMs[row] = 0;
    }
    old = c.reclaimingAtMs[row]!;
    if (old !== 0) {
      if ((now & 1024) === 0) log.add(266, row, old);
      now |= 1024;
      c.reclaimingAtMs[row] = 0;
    }
    old = c.session[row]!;
    if (old !== 0) {
      if ((now & 2048) === 0) log.add(267, row, old);
      now |= 2048;
      c.session[row] = 0;
    }
    old = c.priority[row]!;
    if (old !== 0) {
      if ((now & 4096) === 0) log.add(268, row, old);
      now |= 4096;
      c.priority[row] = 0;
    }
    old = c.tenant[row]!;
    if (old !== 0) {
      if ((now & 8192) === 0) log.add(269, row, old);
      now |= 8192;
      c.tenant[row] = 0;
    }
    old = c.moreWeight[row]!;
    if (old !== 0) {
      if ((now & 16384) === 0) log.add(270, row, old);
      now |= 16384;
      c.moreWeight[row] = 0;
    }
    old = c.cost[row]!;
    if (old !== 0) {
      if ((now & 32768) === 0) log.add(271, row, old);
      now |= 32768;
      c.cost[row] = 0;
    }
    old = c.shape[row]!;
    if (old !== 0) {
      if ((now & 65536) === 0) log.add(272, row, old);
      now |= 65536;
      c.shape[row] = 0;
    }
    old = c.units[row]!;
    if (old !== 0) {
      if ((now & 131072) === 0) log.add(273, row, old);
      now |= 131072;
      c.units[row] = 0;
    }
    old = c.lane[row]!;
    if (old !== 0) {
      if ((now & 262144) === 0) log.add(274, row, old);
      now |= 262144;
      c.lane[row] = 0;
    }
    old = c.earned[row]!;
    if (old !== 0) {
      if ((now & 524288) === 0) log.add(275, row, old);
      now |= 524288;
      c.earned[row] = 0;
    }
    old = c.given[row]!;
    if (old !== 0) {
      if ((now & 1048576) === 0) log.add(276, row, old);
      now |= 1048576;
      c.given[row] = 0;
    }
    touched[row] = now;
  }
}

class LeaseAdd implements Adders<typeof T.LEASE> {
  constructor(
    private readonly table: Table,
    private readonly c: LeaseColumns,
    private readonly set: LeaseSet,
  ) {}

  state(row: number, amount: number): number {
    const value = this.c.state[row]! + amount;
    if (value < 0) this.table.refuse('state', value);
    this.set.state(row, value);
    return value;
  }

  acknowledged(row: number, amount: number): number {
    const value = this.c.acknowledged[row]! + amount;
    if (value < 0) this.table.refuse('acknowledged', value);
    this.set.acknowledged(row, value);
    return value;
  }

  dag(row: number, amount: number): number {
    const value = this.c.dag[row]! + amount;
    if (value < 0) this.table.refuse('dag', value);
    this.set.dag(row, value);
    return value;
  }

  job(row: number, amount: number): number {
    const value = this.c.job[row]! + amount;
    if (value < 0) this.table.refuse('job', value);
    this.set.job(row, value);
    return value;
  }

  attempt(row: number, amount: number): number {
    const value = this.c.attempt[row]! + amount;
    if (value < 0) this.table.refuse('attempt', value);
    this.set.attempt(row, value);
    return value;
  }

  executor(row: number, amount: number): number {
    const value = this.c.executor[row]! + amount;
    if (value < 0) this.table.refuse('executor', value);
    this.set.executor(row, value);
    return value;
  }

  moreSlots(row: number, amount: number): number {
    const value = this.c.moreSlots[row]! + amount;
    if (value < 0) this.table.refuse('moreSlots', value);
    this.set.moreSlots(row, value);
    return value;
  }

  reservedAtMs(row: number, amount: number): number {
    const value = this.c.reservedAtMs[row]! + amount;
    if (value < 0) this.table.refuse('reservedAtMs', value);
    this.set.reservedAtMs(row, value);
    return value;
  }

  timeoutAtMs(row: number, amount: number): number {
    const value = this.c.timeoutAtMs[row]! + amount;
    if (value < 0) this.table.refuse('timeoutAtMs', value);
    this.set.timeoutAtMs(row, value);
    return value;
  }

  reclaimAtMs(row: number, amount: number): number {
    const value = this.c.reclaimAtMs[row]! + amount;
    if (value < 0) this.table.refuse('reclaimAtMs', value);
    this.set.reclaimAtMs(row, value);
    return value;
  }

  reclaimingAtMs(row: number, amount: number): number {
    const value = this.c.reclaimingAtMs[row]! + amount;
    if (value < 0) this.table.refuse('reclaimingAtMs', value);
    this.set.reclaimingAtMs(row, value);
    return value;
  }

  session(row: number, amount: number): number {
    const value = this.c.session[row]! + amount;
    if (value < 0) this.table.refuse('session', value);
    this.set.session(row, value);
    return value;
  }

  priority(row: number, amount: number): number {
    const value = this.c.priority[row]! + amount;
    this.set.priority(row, value);
    return value;
  }

  tenant(row: number, amount: number): number {
    const value = this.c.tenant[row]! + amount;
    if (value < 0) this.table.refuse('tenant', value);
    this.set.tenant(row, value);
    return value;
  }

  moreWeight(row: number, amount: number): number {
    const value = this.c.moreWeight[row]! + amount;
    if (value < 0) this.table.refuse('moreWeight', value);
    this.set.moreWeight(row, value);
    return value;
  }

  cost(row: number, amount: number): number {
    const value = this.c.cost[row]! + amount;
    if (value < 0) this.table.refuse('cost', value);
    this.set.cost(row, value);
    return value;
  }

  shape(row: number, amount: number): number {
    const value = this.c.shape[row]! + amount;
    if (value < 0) this.table.refuse('shape', value);
    this.set.shape(row, value);
    return value;
  }

  units(row: number, amount: number): number {
    const value = this.c.units[row]! + amount;
    if (value < 0) this.table.refuse('units', value);
    this.set.units(row, value);
    return value;
  }

  lane(row: number, amount: number): number {
    const value = this.c.lane[row]! + amount;
    if (value < 0) this.table.refuse('lane', value);
    this.set.lane(row, value);
    return value;
  }

  earned(row: number, amount: number): number {
    const value = this.c.earned[row]! + amount;
    if (value < 0) this.table.refuse('earned', value);
    this.set.earned(row, value);
    return value;
  }

  given(row: number, amount: number): number {
    const value = this.c.given[row]! + amount;
    if (value < 0) this.table.refuse('given', value);
    this.set.given(row, value);
    return value;
  }
}

/** Rows of `lease`. */
export class LeaseRows {
  /** Columns by name. */
  readonly c = new LeaseColumns();
  readonly table: Table<typeof T.LEASE>;
  readonly set: LeaseSet;
  readonly add: LeaseAdd;
  private readonly index: SequenceIndex;

  constructor(shape?: TableShape<typeof T.LEASE>) {
    this.table = new Table(8, 'lease', T.LEASE, shape, this.c, true);
    this.index = this.table.index as SequenceIndex;
    this.set = new LeaseSet(this.table, this.c);
    this.add = new LeaseAdd(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(seq: number): number {
    return this.index.get(seq);
  }

  /** The row with this key, made if it is not there. */
  row(seq: number): number {
    const handle = this.index.get(seq);
    return handle === 0 ? this.table.make(seq, 0) : handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back.
   */
  clear(row: number): void {
    this.set.empty(row);
    this.table.remove(row);
  }
}

class FlowColumns implements Columns<typeof T.FLOW> {
  flowSeq: Columns<typeof T.FLOW>['flowSeq'] = new Float64Array(0);
  ready: Columns<typeof T.FLOW>['ready'] = new Uint32Array(0);
  work: Columns<typeof T.FLOW>['work'] = new Float64Array(0);
  needMs: Columns<typeof T.FLOW>['needMs'] = new Float64Array(0);
  risk: Columns<typeof T.FLOW>['risk'] = new Uint8Array(0);
  wakeAtMs: Columns<typeof T.FLOW>['wakeAtMs'] = new Float64Array(0);
  units: Columns<typeof T.FLOW>['units'] = new Float64Array(0);
}

class FlowSet implements Setters<typeof T.FLOW> {
  constructor(
    private readonly table: Table,
    private readonly c: FlowColumns,
  ) {}

  flowSeq(row: number, value: number): void {
    const column = this.c.flowSeq;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1) === 0) this.table.note(row, touched | 1, 288, before);
    column[row] = value;
  }

  ready(row: number, value: number): void {
    const column = this.c.ready;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2) === 0) this.table.note(row, touched | 2, 289, before);
    column[row] = value;
  }

  work(row: number, value: number): void {
    const column = this.c.work;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4) === 0) this.table.note(row, touched | 4, 290, before);
    column[row] = value;
  }

  needMs(row: number, value: number): void {
    const column = this.c.needMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8) === 0) this.table.note(row, touched | 8, 291, before);
    column[row] = value;
  }

  risk(row: number, value: number): void {
    const column = this.c.risk;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16) === 0) this.table.note(row, touched | 16, 292, before);
    column[row] = value;
  }

  wakeAtMs(row: number, value: number): void {
    const column = this.c.wakeAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 32) === 0) this.table.note(row, touched | 32, 293, before);
    column[row] = value;
  }

  units(row: number, value: number): void {
    const column = this.c.units;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 64) === 0) this.table.note(row, touched | 64, 294, before);
    column[row] = value;
  }

  empty(row: number): void {
    const { c } = this;
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
    old = c.flowSeq[row]!;
    if (old !== 0) {
      if ((now & 1) === 0) log.add(288, row, old);
      now |= 1;
      c.flowSeq[row] = 0;
    }
    old = c.ready[row]!;
    if (old !== 0) {
      if ((now & 2) === 0) log.add(289, row, old);
      now |= 2;
      c.ready[row] = 0;
    }
    old = c.work[row]!;
    if (old !== 0) {
      if ((now & 4) === 0) log.add(290, row, old);
      now |= 4;
      c.work[row] = 0;
    }
    old = c.needMs[row]!;
    if (old !== 0) {
      if ((now & 8) === 0) log.add(291, row, old);
      now |= 8;
      c.needMs[row] = 0;
    }
    old = c.risk[row]!;
    if (old !== 0) {
      if ((now & 16) === 0) log.add(292, row, old);
      now |= 16;
      c.risk[row] = 0;
    }
    old = c.wakeAtMs[row]!;
    if (old !== 0) {
      if ((now & 32) === 0) log.add(293, row, old);
      now |= 32;
      c.wakeAtMs[row] = 0;
    }
    old = c.units[row]!;
    if (old !== 0) {
      if ((now & 64) === 0) log.add(294, row, old);
      now |= 64;
      c.units[row] = 0;
    }
    touched[row] = now;
  }
}

class FlowAdd implements Adders<typeof T.FLOW> {
  constructor(
    private readonly table: Table,
    private readonly c: FlowColumns,
    private readonly set: FlowSet,
  ) {}

  flowSeq(row: number, amount: number): number {
    const value = this.c.flowSeq[row]! + amount;
    if (value < 0) this.table.refuse('flowSeq', value);
    this.set.flowSeq(row, value);
    return value;
  }

  ready(row: number, amount: number): number {
    const value = this.c.ready[row]! + amount;
    if (value < 0) this.table.refuse('ready', value);
    this.set.ready(row, value);
    return value;
  }

  work(row: number, amount: number): number {
    const value = this.c.work[row]! + amount;
    if (value < 0) this.table.refuse('work', value);
    this.set.work(row, value);
    return value;
  }

  needMs(row: number, amount: number): number {
    const value = this.c.needMs[row]! + amount;
    if (value < 0) this.table.refuse('needMs', value);
    this.set.needMs(row, value);
    return value;
  }

  risk(row: number, amount: number): number {
    const value = this.c.risk[row]! + amount;
    if (value < 0) this.table.refuse('risk', value);
    this.set.risk(row, value);
    return value;
  }

  wakeAtMs(row: number, amount: number): number {
    const value = this.c.wakeAtMs[row]! + amount;
    if (value < 0) this.table.refuse('wakeAtMs', value);
    this.set.wakeAtMs(row, value);
    return value;
  }

  units(row: number, amount: number): number {
    const value = this.c.units[row]! + amount;
    if (value < 0) this.table.refuse('units', value);
    this.set.units(row, value);
    return value;
  }
}

/** Rows of `flow`. */
export class FlowRows {
  /** Columns by name. */
  readonly c = new FlowColumns();
  readonly table: Table<typeof T.FLOW>;
  readonly set: FlowSet;
  readonly add: FlowAdd;
  private readonly index: KeyIndex;

  constructor(shape?: TableShape<typeof T.FLOW>) {
    this.table = new Table(9, 'flow', T.FLOW, shape, this.c, false);
    this.index = this.table.index as KeyIndex;
    this.set = new FlowSet(this.table, this.c);
    this.add = new FlowAdd(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(keyA: number, keyB = 0): number {
    return this.index.get(keyA, keyB);
  }

  /** The row with this key, made if it is not there. */
  row(keyA: number, keyB = 0): number {
    const handle = this.index.get(keyA, keyB);
    return handle === 0 ? this.table.make(keyA, keyB) : handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back.
   */
  clear(row: number): void {
    this.set.empty(row);
    this.table.remove(row);
  }
}

class TagColumns implements Columns<typeof T.TAG> {
  tag: Columns<typeof T.TAG>['tag'] = new Float64Array(0);
  rem: Columns<typeof T.TAG>['rem'] = new Uint32Array(0);
  flows: Columns<typeof T.TAG>['flows'] = new Uint32Array(0);
  leases: Columns<typeof T.TAG>['leases'] = new Uint32Array(0);
  idleAfter: Columns<typeof T.TAG>['idleAfter'] = new Uint32Array(0);
  idleBefore: Columns<typeof T.TAG>['idleBefore'] = new Uint32Array(0);
  dagV: Columns<typeof T.TAG>['dagV'] = new Float64Array(0);
  period: Columns<typeof T.TAG>['period'] = new Float64Array(0);
  pending: Columns<typeof T.TAG>['pending'] = new Float64Array(0);
  backToken: Columns<typeof T.TAG>['backToken'] = new Float64Array(0);
  ahead: Columns<typeof T.TAG>['ahead'] = new Float64Array(0);
}

class TagSet implements Setters<typeof T.TAG> {
  constructor(
    private readonly table: Table,
    private readonly c: TagColumns,
  ) {}

  tag(row: number, value: number): void {
    const column = this.c.tag;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1) === 0) this.table.note(row, touched | 1, 320, before);
    column[row] = value;
  }

  rem(row: number, value: number): void {
    const column = this.c.rem;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2) === 0) this.table.note(row, touched | 2, 321, before);
    column[row] = value;
  }

  flows(row: number, value: number): void {
    const column = this.c.flows;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4) === 0) this.table.note(row, touched | 4, 322, before);
    column[row] = value;
  }

  leases(row: number, value: number): void {
    const column = this.c.leases;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8) === 0) this.table.note(row, touched | 8, 323, before);
    column[row] = value;
  }

  idleAfter(row: number, value: number): void {
    const column = this.c.idleAfter;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16) === 0) this.table.note(row, touched | 16, 324, before);
    column[row] = value;
  }

  idleBefore(row: number, value: number): void {
    const column = this.c.idleBefore;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 32) === 0) this.table.note(row, touched | 32, 325, before);
    column[row] = value;
  }

  dagV(row: number, value: number): void {
    const column = this.c.dagV;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 64) === 0) this.table.note(row, touched | 64, 326, before);
    column[row] = value;
  }

  period(row: number, value: number): void {
    const column = this.c.period;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 128) === 0) this.table.note(row, touched | 128, 327, before);
    column[row] = value;
  }

  pending(row: number, value: number): void {
    const column = this.c.pending;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 256) === 0) this.table.note(row, touched | 256, 328, before);
    column[row] = value;
  }

  backToken(row: number, value: number): void {
    const column = this.c.backToken;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 512) === 0) this.table.note(row, touched | 512, 329, before);
    column[row] = value;
  }

  ahead(row: number, value: number): void {
    const column = this.c.ahead;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1024) === 0) this.table.note(row, touched | 1024, 330, before);
    column[row] = value;
  }

  empty(row: number): void {
    const { c } = this;
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
    old = c.tag[row]!;
    if (old !== 0) {
      if ((now & 1) === 0) log.add(320, row, old);
      now |= 1;
      c.tag[row] = 0;
    }
    old = c.rem[row]!;
    if (old !== 0) {
      if ((now & 2) === 0) log.add(321, row, old);
      now |= 2;
      c.rem[row] = 0;
    }
    old = c.flows[row]!;
    if (old !== 0) {
      if ((now & 4) === 0) log.add(322, row, old);
      now |= 4;
      c.flows[row] = 0;
    }
    old = c.leases[row]!;
    if (old !== 0) {
      if ((now & 8) === 0) log.add(323, row, old);
      now |= 8;
      c.leases[row] = 0;
    }
    old = c.idleAfter[row]!;
    if (old !== 0) {
      if ((now & 16) === 0) log.add(324, row, old);
      now |= 16;
      c.idleAfter[row] = 0;
    }
    old = c.idleBefore[row]!;
    if (old !== 0) {
      if ((now & 32) === 0) log.add(325, row, old);
      now |= 32;
      c.idleBefore[row] = 0;
    }
    old = c.dagV[row]!;
    if (old !== 0) {
      if ((now & 64) === 0) log.add(326, row, old);
      now |= 64;
      c.dagV[row] = 0;
    }
    old = c.period[row]!;
    if (old !== 0) {
      if ((now & 128) === 0) log.add(327, row, old);
      now |= 128;
      c.period[row] = 0;
    }
    old = c.pending[row]!;
    if (old !== 0) {
      if ((now & 256) === 0) log.add(328, row, old);
      now |= 256;
      c.pending[row] = 0;
    }
    old = c.backToken[row]!;
    if (old !== 0) {
      if ((now & 512) === 0) log.add(329, row, old);
      now |= 512;
      c.backToken[row] = 0;
    }
    old = c.ahead[row]!;
    if (old !== 0) {
      if ((now & 1024) === 0) log.add(330, row, old);
      now |= 1024;
      c.ahead[row] = 0;
    }
    touched[row] = now;
  }
}

class TagAdd implements Adders<typeof T.TAG> {
  constructor(
    private readonly table: Table,
    private readonly c: TagColumns,
    private readonly set: TagSet,
  ) {}

  tag(row: number, amount: number): number {
    const value = this.c.tag[row]! + amount;
    if (value < 0) this.table.refuse('tag', value);
    this.set.tag(row, value);
    return value;
  }

  rem(row: number, amount: number): number {
    const value = this.c.rem[row]! + amount;
    if (value < 0) this.table.refuse('rem', value);
    this.set.rem(row, value);
    return value;
  }

  flows(row: number, amount: number): number {
    const value = this.c.flows[row]! + amount;
    if (value < 0) this.table.refuse('flows', value);
    this.set.flows(row, value);
    return value;
  }

  leases(row: number, amount: number): number {
    const value = this.c.leases[row]! + amount;
    if (value < 0) this.table.refuse('leases', value);
    this.set.leases(row, value);
    return value;
  }

  idleAfter(row: number, amount: number): number {
    const value = this.c.idleAfter[row]! + amount;
    if (value < 0) this.table.refuse('idleAfter', value);
    this.set.idleAfter(row, value);
    return value;
  }

  idleBefore(row: number, amount: number): number {
    const value = this.c.idleBefore[row]! + amount;
    if (value < 0) this.table.refuse('idleBefore', value);
    this.set.idleBefore(row, value);
    return value;
  }

  dagV(row: number, amount: number): number {
    const value = this.c.dagV[row]! + amount;
    if (value < 0) this.table.refuse('dagV', value);
    this.set.dagV(row, value);
    return value;
  }

  period(row: number, amount: number): number {
    const value = this.c.period[row]! + amount;
    if (value < 0) this.table.refuse('period', value);
    this.set.period(row, value);
    return value;
  }

  pending(row: number, amount: number): number {
    const value = this.c.pending[row]! + amount;
    if (value < 0) this.table.refuse('pending', value);
    this.set.pending(row, value);
    return value;
  }

  backToken(row: number, amount: number): number {
    const value = this.c.backToken[row]! + amount;
    if (value < 0) this.table.refuse('backToken', value);
    this.set.backToken(row, value);
    return value;
  }

  ahead(row: number, amount: number): number {
    const value = this.c.ahead[row]! + amount;
    if (value < 0) this.table.refuse('ahead', value);
    this.set.ahead(row, value);
    return value;
  }
}

/** Rows of `tag`. */
export class TagRows {
  /** Columns by name. */
  readonly c = new TagColumns();
  readonly table: Table<typeof T.TAG>;
  readonly set: TagSet;
  readonly add: TagAdd;
  private readonly index: KeyIndex;

  constructor(shape?: TableShape<typeof T.TAG>) {
    this.table = new Table(10, 'tag', T.TAG, shape, this.c, false);
    this.index = this.table.index as KeyIndex;
    this.set = new TagSet(this.table, this.c);
    this.add = new TagAdd(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(keyA: number, keyB = 0): number {
    return this.index.get(keyA, keyB);
  }

  /** The row with this key, made if it is not there. */
  row(keyA: number, keyB = 0): number {
    const handle = this.index.get(keyA, keyB);
    return handle === 0 ? this.table.make(keyA, keyB) : handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back.
   */
  clear(row: number): void {
    this.set.empty(row);
    this.table.remove(row);
  }
}

class VirtualColumns implements Columns<typeof T.VIRTUAL> {
  v: Columns<typeof T.VIRTUAL>['v'] = new Float64Array(0);
  busy: Columns<typeof T.VIRTUAL>['busy'] = new Uint32Array(0);
  firstIdle: Columns<typeof T.VIRTUAL>['firstIdle'] = new Uint32Array(0);
}

class VirtualSet implements Setters<typeof T.VIRTUAL> {
  constructor(
    private readonly table: Table,
    private readonly c: VirtualColumns,
  ) {}

  v(row: number, value: number): void {
    const column = this.c.v;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1) === 0) this.table.note(row, touched | 1, 352, before);
    column[row] = value;
  }

  busy(row: number, value: number): void {
    const column = this.c.busy;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2) === 0) this.table.note(row, touched | 2, 353, before);
    column[row] = value;
  }

  firstIdle(row: number, value: number): void {
    const column = this.c.firstIdle;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4) === 0) this.table.note(row, touched | 4, 354, before);
    column[row] = value;
  }

  empty(row: number): void {
    const { c } = this;
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
    old = c.v[row]!;
    if (old !== 0) {
      if ((now & 1) === 0) log.add(352, row, old);
      now |= 1;
      c.v[row] = 0;
    }
    old = c.busy[row]!;
    if (old !== 0) {
      if ((now & 2) === 0) log.add(353, row, old);
      now |= 2;
      c.busy[row] = 0;
    }
    old = c.firstIdle[row]!;
    if (old !== 0) {
      if ((now & 4) === 0) log.add(354, row, old);
      now |= 4;
      c.firstIdle[row] = 0;
    }
    touched[row] = now;
  }
}

class VirtualAdd implements Adders<typeof T.VIRTUAL> {
  constructor(
    private readonly table: Table,
    private readonly c: VirtualColumns,
    private readonly set: VirtualSet,
  ) {}

  v(row: number, amount: number): number {
    const value = this.c.v[row]! + amount;
    if (value < 0) this.table.refuse('v', value);
    this.set.v(row, value);
    return value;
  }

  busy(row: number, amount: number): number {
    const value = this.c.busy[row]! + amount;
    if (value < 0) this.table.refuse('busy', value);
    this.set.busy(row, value);
    return value;
  }

  firstIdle(row: number, amount: number): number {
    const value = this.c.firstIdle[row]! + amount;
    if (value < 0) this.table.refuse('firstIdle', value);
    this.set.firstIdle(row, value);
    return value;
  }
}

/** Rows of `virtual`. */
export class VirtualRows {
  /** Columns by name. */
  readonly c = new VirtualColumns();
  readonly table: Table<typeof T.VIRTUAL>;
  readonly set: VirtualSet;
  readonly add: VirtualAdd;
  private readonly index: KeyIndex;

  constructor(shape?: TableShape<typeof T.VIRTUAL>) {
    this.table = new Table(11, 'virtual', T.VIRTUAL, shape, this.c, false);
    this.index = this.table.index as KeyIndex;
    this.set = new VirtualSet(this.table, this.c);
    this.add = new VirtualAdd(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(keyA: number, keyB = 0): number {
    return this.index.get(keyA, keyB);
  }

  /** The row with this key, made if it is not there. */
  row(keyA: number, keyB = 0): number {
    const handle = this.index.get(keyA, keyB);
    return handle === 0 ? this.table.make(keyA, keyB) : handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back.
   */
  clear(row: number): void {
    this.set.empty(row);
    this.table.remove(row);
  }
}

class FairColumns implements Columns<typeof T.FAIR> {
  w: Columns<typeof T.FAIR>['w'] = new Float64Array(0);
  rem: Columns<typeof T.FAIR>['rem'] = new Float64Array(0);
  open: Columns<typeof T.FAIR>['open'] = new Uint32Array(0);
}

class FairSet implements Setters<typeof T.FAIR> {
  constructor(
    private readonly table: Table,
    private readonly c: FairColumns,
  ) {}

  w(row: number, value: number): void {
    const column = this.c.w;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1) === 0) this.table.note(row, touched | 1, 384, before);
    column[row] = value;
  }

  rem(row: number, value: number): void {
    const column = this.c.rem;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2) === 0) this.table.note(row, touched | 2, 385, before);
    column[row] = value;
  }

  open(row: number, value: number): void {
    const column = this.c.open;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4) === 0) this.table.note(row, touched | 4, 386, before);
    column[row] = value;
  }

  empty(row: number): void {
    const { c } = this;
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
    old = c.w[row]!;
    if (old !== 0) {
      if ((now & 1) === 0) log.add(384, row, old);
      now |= 1;
      c.w[row] = 0;
    }
    old = c.rem[row]!;
    if (old !== 0) {
      if ((now & 2) === 0) log.add(385, row, old);
      now |= 2;
      c.rem[row] = 0;
    }
    old = c.open[row]!;
    if (old !== 0) {
      if ((now & 4) === 0) log.add(386, row, old);
      now |= 4;
      c.open[row] = 0;
    }
    touched[row] = now;
  }
}

class FairAdd implements Adders<typeof T.FAIR> {
  constructor(
    private readonly table: Table,
    private readonly c: FairColumns,
    private readonly set: FairSet,
  ) {}

  w(row: number, amount: number): number {
    const value = this.c.w[row]! + amount;
    if (value < 0) this.table.refuse('w', value);
    this.set.w(row, value);
    return value;
  }

  rem(row: number, amount: number): number {
    const value = this.c.rem[row]! + amount;
    if (value < 0) this.table.refuse('rem', value);
    this.set.rem(row, value);
    return value;
  }

  open(row: number, amount: number): number {
    const value = this.c.open[row]! + amount;
    if (value < 0) this.table.refuse('open', value);
    this.set.open(row, value);
    return value;
  }
}

/** Rows of `fair`. */
export class FairRows {
  /** Columns by name. */
  readonly c = new FairColumns();
  readonly table: Table<typeof T.FAIR>;
  readonly set: FairSet;
  readonly add: FairAdd;
  private readonly index: KeyIndex;

  constructor(shape?: TableShape<typeof T.FAIR>) {
    this.table = new Table(12, 'fair', T.FAIR, shape, this.c, false);
    this.index = this.table.index as KeyIndex;
    this.set = new FairSet(this.table, this.c);
    this.add = new FairAdd(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(keyA: number, keyB = 0): number {
    return this.index.get(keyA, keyB);
  }

  /** The row with this key, made if it is not there. */
  row(keyA: number, keyB = 0): number {
    const handle = this.index.get(keyA, keyB);
    return handle === 0 ? this.table.make(keyA, keyB) : handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back.
   */
  clear(row: number): void {
    this.set.empty(row);
    this.table.remove(row);
  }
}

class CursorColumns implements Columns<typeof T.CURSOR> {
  kind: Columns<typeof T.CURSOR>['kind'] = new Uint8Array(0);
  dag: Columns<typeof T.CURSOR>['dag'] = new Float64Array(0);
  job: Columns<typeof T.CURSOR>['job'] = new Uint32Array(0);
  next: Columns<typeof T.CURSOR>['next'] = new Float64Array(0);
  bornTurn: Columns<typeof T.CURSOR>['bornTurn'] = new Float64Array(0);
  aux: Columns<typeof T.CURSOR>['aux'] = new Float64Array(0);
}

class CursorSet implements Setters<typeof T.CURSOR> {
  constructor(
    private readonly table: Table,
    private readonly c: CursorColumns,
  ) {}

  kind(row: number, value: number): void {
    const column = this.c.kind;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1) === 0) this.table.note(row, touched | 1, 416, before);
    column[row] = value;
  }

  dag(row: number, value: number): void {
    const column = this.c.dag;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2) === 0) this.table.note(row, touched | 2, 417, before);
    column[row] = value;
  }

  job(row: number, value: number): void {
    const column = this.c.job;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4) === 0) this.table.note(row, touched | 4, 418, before);
    column[row] = value;
  }

  next(row: number, value: number): void {
    const column = this.c.next;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8) === 0) this.table.note(row, touched | 8, 419, before);
    column[row] = value;
  }

  bornTurn(row: number, value: number): void {
    const column = this.c.bornTurn;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16) === 0) this.table.note(row, touched | 16, 420, before);
    column[row] = value;
  }

  aux(row: number, value: number): void {
    const column = this.c.aux;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 32) === 0) this.table.note(row, touched | 32, 421, before);
    column[row] = value;
  }

  empty(row: number): void {
    const { c } = this;
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
    old = c.kind[row]!;
    if (old !== 0) {
      if ((now & 1) === 0) log.add(416, row, old);
      now |= 1;
      c.kind[row] = 0;
    }
    old = c.dag[row]!;
    if (old !== 0) {
      if ((now & 2) === 0) log.add(417, row, old);
      now |= 2;
      c.dag[row] = 0;
    }
    old = c.job[row]!;
    if (old !== 0) {
      if ((now & 4) === 0) log.add(418, row, old);
      now |= 4;
      c.job[row] = 0;
    }
    old = c.next[row]!;
    if (old !== 0) {
      if ((now & 8) === 0) log.add(419, row, old);
      now |= 8;
      c.next[row] = 0;
    }
    old = c.bornTurn[row]!;
    if (old !== 0) {
      if ((now & 16) === 0) log.add(420, row, old);
      now |= 16;
      c.bornTurn[row] = 0;
    }
    old = c.aux[row]!;
    if (old !== 0) {
      if ((now & 32) === 0) log.add(421, row, old);
      now |= 32;
      c.aux[row] = 0;
    }
    touched[row] = now;
  }
}

class CursorAdd implements Adders<typeof T.CURSOR> {
  constructor(
    private readonly table: Table,
    private readonly c: CursorColumns,
    private readonly set: CursorSet,
  ) {}

  kind(row: number, amount: number): number {
    const value = this.c.kind[row]! + amount;
    if (value < 0) this.table.refuse('kind', value);
    this.set.kind(row, value);
    return value;
  }

  dag(row: number, amount: number): number {
    const value = this.c.dag[row]! + amount;
    if (value < 0) this.table.refuse('dag', value);
    this.set.dag(row, value);
    return value;
  }

  job(row: number, amount: number): number {
    const value = this.c.job[row]! + amount;
    if (value < 0) this.table.refuse('job', value);
    this.set.job(row, value);
    return value;
  }

  next(row: number, amount: number): number {
    const value = this.c.next[row]! + amount;
    if (value < 0) this.table.refuse('next', value);
    this.set.next(row, value);
    return value;
  }

  bornTurn(row: number, amount: number): number {
    const value = this.c.bornTurn[row]! + amount;
    if (value < 0) this.table.refuse('bornTurn', value);
    this.set.bornTurn(row, value);
    return value;
  }

  aux(row: number, amount: number): number {
    const value = this.c.aux[row]! + amount;
    if (value < 0) this.table.refuse('aux', value);
    this.set.aux(row, value);
    return value;
  }
}

/** Rows of `cursor`. */
export class CursorRows {
  /** Columns by name. */
  readonly c = new CursorColumns();
  readonly table: Table<typeof T.CURSOR>;
  readonly set: CursorSet;
  readonly add: CursorAdd;
  private readonly index: SequenceIndex;

  constructor(shape?: TableShape<typeof T.CURSOR>) {
    this.table = new Table(13, 'cursor', T.CURSOR, shape, this.c, true);
    this.index = this.table.index as SequenceIndex;
    this.set = new CursorSet(this.table, this.c);
    this.add = new CursorAdd(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(seq: number): number {
    return this.index.get(seq);
  }

  /** The row with this key, made if it is not there. */
  row(seq: number): number {
    const handle = this.index.get(seq);
    return handle === 0 ? this.table.make(seq, 0) : handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back.
   */
  clear(row: number): void {
    this.set.empty(row);
    this.table.remove(row);
  }
}

class IdColumns implements Columns<typeof T.ID> {
  target: Columns<typeof T.ID>['target'] = new Float64Array(0);
}

class IdSet implements Setters<typeof T.ID> {
  constructor(
    private readonly table: Table,
    private readonly c: IdColumns,
  ) {}

  target(row: number, value: number): void {
    const column = this.c.target;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1) === 0) this.table.note(row, touched | 1, 448, before);
    column[row] = value;
  }

  empty(row: number): void {
    const { c } = this;
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
    old = c.target[row]!;
    if (old !== 0) {
      if ((now & 1) === 0) log.add(448, row, old);
      now |= 1;
      c.target[row] = 0;
    }
    touched[row] = now;
  }
}

class IdAdd implements Adders<typeof T.ID> {
  constructor(
    private readonly table: Table,
    private readonly c: IdColumns,
    private readonly set: IdSet,
  ) {}

  target(row: number, amount: number): number {
    const value = this.c.target[row]! + amount;
    if (value < 0) this.table.refuse('target', value);
    this.set.target(row, value);
    return value;
  }
}

/** Rows of `id`. */
export class IdRows {
  /** Columns by name. */
  readonly c = new IdColumns();
  readonly table: Table<typeof T.ID>;
  readonly set: IdSet;
  readonly add: IdAdd;
  private readonly index: KeyIndex;

  constructor(shape?: TableShape<typeof T.ID>) {
    this.table = new Table(14, 'id', T.ID, shape, this.c, false);
    this.index = this.table.index as KeyIndex;
    this.set = new IdSet(this.table, this.c);
    this.add = new IdAdd(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(keyA: number, keyB = 0): number {
    return this.index.get(keyA, keyB);
  }

  /** The row with this key, made if it is not there. */
  row(keyA: number, keyB = 0): number {
    const handle = this.index.get(keyA, keyB);
    return handle === 0 ? this.table.make(keyA, keyB) : handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back.
   */
  clear(row: number): void {
    this.set.empty(row);
    this.table.remove(row);
  }
}

class RememberedColumns implements Columns<typeof T.REMEMBERED> {
  idA: Columns<typeof T.REMEMBERED>['idA'] = new Float64Array(0);
  idB: Columns<typeof T.REMEMBERED>['idB'] = new Uint32Array(0);
  untilMs: Columns<typeof T.REMEMBERED>['untilMs'] = new Float64Array(0);
  turn: Columns<typeof T.REMEMBERED>['turn'] = new Float64Array(0);
  refusedAs: Columns<typeof T.REMEMBERED>['refusedAs'] = [] as string[];
  refusedAt: Columns<typeof T.REMEMBERED>['refusedAt'] = [] as string[];
  refusedWhy: Columns<typeof T.REMEMBERED>['refusedWhy'] = [] as string[];
}

class RememberedSet implements Setters<typeof T.REMEMBERED> {
  constructor(
    private readonly table: Table,
    private readonly c: RememberedColumns,
  ) {}

  idA(row: number, value: number): void {
    const column = this.c.idA;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1) === 0) this.table.note(row, touched | 1, 480, before);
    column[row] = value;
  }

  idB(row: number, value: number): void {
    const column = this.c.idB;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2) === 0) this.table.note(row, touched | 2, 481, before);
    column[row] = value;
  }

  untilMs(row: number, value: number): void {
    const column = this.c.untilMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4) === 0) this.table.note(row, touched | 4, 482, before);
    column[row] = value;
  }

  turn(row: number, value: number): void {
    const column = this.c.turn;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8) === 0) this.table.note(row, touched | 8, 483, before);
    column[row] = value;
  }

  refusedAs(row: number, value: string): void {
    const column = this.c.refusedAs;
    const before = column[row] ?? '';
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16) === 0) this.table.noteText(row, touched | 16, 484, before);
    column[row] = value;
  }

  refusedAt(row: number, value: string): void {
    const column = this.c.refusedAt;
    const before = column[row] ?? '';
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 32) === 0) this.table.noteText(row, touched | 32, 485, before);
    column[row] = value;
  }

  refusedWhy(row: number, value: string): void {
    const column = this.c.refusedWhy;
    const before = column[row] ?? '';
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 64) === 0) this.table.noteText(row, touched | 64, 486, before);
    column[row] = value;
  }

  empty(row: number): void {
    const { c } = this;
    this.refusedAs(row, '');
    this.refusedAt(row, '');
    this.refusedWhy(row, '');
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
    old = c.idA[row]!;
    if (old !== 0) {
      if ((now & 1) === 0) log.add(480, row, old);
      now |= 1;
      c.idA[row] = 0;
    }
    old = c.idB[row]!;
    if (old !== 0) {
      if ((now & 2) === 0) log.add(481, row, old);
      now |= 2;
      c.idB[row] = 0;
    }
    old = c.untilMs[row]!;
    if (old !== 0) {
      if ((now & 4) === 0) log.add(482, row, old);
      now |= 4;
      c.untilMs[row] = 0;
    }
    old = c.turn[row]!;
    if (old !== 0) {
      if ((now & 8) === 0) log.add(483, row, old);
      now |= 8;
      c.turn[row] = 0;
    }
    touched[row] = now;
  }
}

class RememberedAdd implements Adders<typeof T.REMEMBERED> {
  constructor(
    private readonly table: Table,
    private readonly c: RememberedColumns,
    private readonly set: RememberedSet,
  ) {}

  idA(row: number, amount: number): number {
    const value = this.c.idA[row]! + amount;
    if (value < 0) this.table.refuse('idA', value);
    this.set.idA(row, value);
    return value;
  }

  idB(row: number, amount: number): number {
    const value = this.c.idB[row]! + amount;
    if (value < 0) this.table.refuse('idB', value);
    this.set.idB(row, value);
    return value;
  }

  untilMs(row: number, amount: number): number {
    const value = this.c.untilMs[row]! + amount;
    if (value < 0) this.table.refuse('untilMs', value);
    this.set.untilMs(row, value);
    return value;
  }

  turn(row: number, amount: number): number {
    const value = this.c.turn[row]! + amount;
    if (value < 0) this.table.refuse('turn', value);
    this.set.turn(row, value);
    return value;
  }
}

/** Rows of `remembered`. */
export class RememberedRows {
  /** Columns by name. */
  readonly c = new RememberedColumns();
  readonly table: Table<typeof T.REMEMBERED>;
  readonly set: RememberedSet;
  readonly add: RememberedAdd;
  private readonly index: SequenceIndex;

  constructor(shape?: TableShape<typeof T.REMEMBERED>) {
    this.table = new Table(15, 'remembered', T.REMEMBERED, shape, this.c, true);
    this.index = this.table.index as SequenceIndex;
    this.set = new RememberedSet(this.table, this.c);
    this.add = new RememberedAdd(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(seq: number): number {
    return this.index.get(seq);
  }

  /** The row with this key, made if it is not there. */
  row(seq: number): number {
    const handle = this.index.get(seq);
    return handle === 0 ? this.table.make(seq, 0) : handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back.
   */
  clear(row: number): void {
    this.set.empty(row);
    this.table.remove(row);
  }
}

class RetiredColumns implements Columns<typeof T.RETIRED> {
  dag: Columns<typeof T.RETIRED>['dag'] = new Float64Array(0);
  jobs: Columns<typeof T.RETIRED>['jobs'] = new Uint32Array(0);
  atMs: Columns<typeof T.RETIRED>['atMs'] = new Float64Array(0);
  turn: Columns<typeof T.RETIRED>['turn'] = new Float64Array(0);
}

class RetiredSet implements Setters<typeof T.RETIRED> {
  constructor(
    private readonly table: Table,
    private readonly c: RetiredColumns,
  ) {}

  dag(row: number, value: number): void {
    const column = this.c.dag;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1) === 0) this.table.note(row, touched | 1, 512, before);
    column[row] = value;
  }

  jobs(row: number, value: number): void {
    const column = this.c.jobs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2) === 0) this.table.note(row, touched | 2, 513, before);
    column[row] = value;
  }

  atMs(row: number, value: number): void {
    const column = this.c.atMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4) === 0) this.table.note(row, touched | 4, 514, before);
    column[row] = value;
  }

  turn(row: number, value: number): void {
    const column = this.c.turn;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8) === 0) this.table.note(row, touched | 8, 515, before);
    column[row] = value;
  }

  empty(row: number): void {
    const { c } = this;
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
    old = c.dag[row]!;
    if (old !== 0) {
      if ((now & 1) === 0) log.add(512, row, old);
      now |= 1;
      c.dag[row] = 0;
    }
    old = c.jobs[row]!;
    if (old !== 0) {
      if ((now & 2) === 0) log.add(513, row, old);
      now |= 2;
      c.jobs[row] = 0;
    }
    old = c.atMs[row]!;
    if (old !== 0) {
      if ((now & 4) === 0) log.add(514, row, old);
      now |= 4;
      c.atMs[row] = 0;
    }
    old = c.turn[row]!;
    if (old !== 0) {
      if ((now & 8) === 0) log.add(515, row, old);
      now |= 8;
      c.turn[row] = 0;
    }
    touched[row] = now;
  }
}

class RetiredAdd implements Adders<typeof T.RETIRED> {
  constructor(
    private readonly table: Table,
    private readonly c: RetiredColumns,
    private readonly set: RetiredSet,
  ) {}

  dag(row: number, amount: number): number {
    const value = this.c.dag[row]! + amount;
    if (value < 0) this.table.refuse('dag', value);
    this.set.dag(row, value);
    return value;
  }

  jobs(row: number, amount: number): number {
    const value = this.c.jobs[row]! + amount;
    if (value < 0) this.table.refuse('jobs', value);
    this.set.jobs(row, value);
    return value;
  }

  atMs(row: number, amount: number): number {
    const value = this.c.atMs[row]! + amount;
    if (value < 0) this.table.refuse('atMs', value);
    this.set.atMs(row, value);
    return value;
  }

  turn(row: number, amount: number): number {
    const value = this.c.turn[row]! + amount;
    if (value < 0) this.table.refuse('turn', value);
    this.set.turn(row, value);
    return value;
  }
}

/** Rows of `retired`. */
export class RetiredRows {
  /** Columns by name. */
  readonly c = new RetiredColumns();
  readonly table: Table<typeof T.RETIRED>;
  readonly set: RetiredSet;
  readonly add: RetiredAdd;
  private readonly index: SequenceIndex;

  constructor(shape?: TableShape<typeof T.RETIRED>) {
    this.table = new Table(16, 'retired', T.RETIRED, shape, this.c, true);
    this.index = this.table.index as SequenceIndex;
    this.set = new RetiredSet(this.table, this.c);
    this.add = new RetiredAdd(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(seq: number): number {
    return this.index.get(seq);
  }

  /** The row with this key, made if it is not there. */
  row(seq: number): number {
    const handle = this.index.get(seq);
    return handle === 0 ? this.table.make(seq, 0) : handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back.
   */
  clear(row: number): void {
    this.set.empty(row);
    this.table.remove(row);
  }
}

class PatternColumns implements Columns<typeof T.PATTERN> {
  key: Columns<typeof T.PATTERN>['key'] = new Float64Array(0);
  actual: Columns<typeof T.PATTERN>['actual'] = new Float64Array(0);
  taught: Columns<typeof T.PATTERN>['taught'] = new Uint8Array(0);
  given: Columns<typeof T.PATTERN>['given'] = new Float64Array(0);
  told: Columns<typeof T.PATTERN>['told'] = new Uint8Array(0);
}

class PatternSet implements Setters<typeof T.PATTERN> {
  constructor(
    private readonly table: Table,
    private readonly c: PatternColumns,
  ) {}

  key(row: number, value: number): void {
    const column = this.c.key;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1) === 0) this.table.note(row, touched | 1, 544, before);
    column[row] = value;
  }

  actual(row: number, value: number): void {
    const column = this.c.actual;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2) === 0) this.table.note(row, touched | 2, 545, before);
    column[row] = value;
  }

  taught(row: number, value: number): void {
    const column = this.c.taught;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4) === 0) this.table.note(row, touched | 4, 546, before);
    column[row] = value;
  }

  given(row: number, value: number): void {
    const column = this.c.given;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8) === 0) this.table.note(row, touched | 8, 547, before);
    column[row] = value;
  }

  told(row: number, value: number): void {
    const column = this.c.told;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16) === 0) this.table.note(row, touched | 16, 548, before);
    column[row] = value;
  }

  empty(row: number): void {
    const { c } = this;
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
    old = c.key[row]!;
    if (old !== 0) {
      if ((now & 1) === 0) log.add(544, row, old);
      now |= 1;
      c.key[row] = 0;
    }
    old = c.actual[row]!;
    if (old !== 0) {
      if ((now & 2) === 0) log.add(545, row, old);
      now |= 2;
      c.actual[row] = 0;
    }
    old = c.taught[row]!;
    if (old !== 0) {
      if ((now & 4) === 0) log.add(546, row, old);
      now |= 4;
      c.taught[row] = 0;
    }
    old = c.given[row]!;
    if (old !== 0) {
      if ((now & 8) === 0) log.add(547, row, old);
      now |= 8;
      c.given[row] = 0;
    }
    old = c.told[row]!;
    if (old !== 0) {
      if ((now & 16) === 0) log.add(548, row, old);
      now |= 16;
      c.told[row] = 0;
    }
    touched[row] = now;
  }
}

class PatternAdd implements Adders<typeof T.PATTERN> {
  constructor(
    private readonly table: Table,
    private readonly c: PatternColumns,
    private readonly set: PatternSet,
  ) {}

  key(row: number, amount: number): number {
    const value = this.c.key[row]! + amount;
    if (value < 0) this.table.refuse('key', value);
    this.set.key(row, value);
    return value;
  }

  actual(row: number, amount: number): number {
    const value = this.c.actual[row]! + amount;
    if (value < 0) this.table.refuse('actual', value);
    this.set.actual(row, value);
    return value;
  }

  taught(row: number, amount: number): number {
    const value = this.c.taught[row]! + amount;
    if (value < 0) this.table.refuse('taught', value);
    this.set.taught(row, value);
    return value;
  }

  given(row: number, amount: number): number {
    const value = this.c.given[row]! + amount;
    if (value < 0) this.table.refuse('given', value);
    this.set.given(row, value);
    return value;
  }

  told(row: number, amount: number): number {
    const value = this.c.told[row]! + amount;
    if (value < 0) this.table.refuse('told', value);
    this.set.told(row, value);
    return value;
  }
}

/** Rows of `pattern`. */
export class PatternRows {
  /** Columns by name. */
  readonly c = new PatternColumns();
  readonly table: Table<typeof T.PATTERN>;
  readonly set: PatternSet;
  readonly add: PatternAdd;
  private readonly index: KeyIndex;

  constructor(shape?: TableShape<typeof T.PATTERN>) {
    this.table = new Table(17, 'pattern', T.PATTERN, shape, this.c, false);
    this.index = this.table.index as KeyIndex;
    this.set = new PatternSet(this.table, this.c);
    this.add = new PatternAdd(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(keyA: number, keyB = 0): number {
    return this.index.get(keyA, keyB);
  }

  /** The row with this key, made if it is not there. */
  row(keyA: number, keyB = 0): number {
    const handle = this.index.get(keyA, keyB);
    return handle === 0 ? this.table.make(keyA, keyB) : handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back.
   */
  clear(row: number): void {
    this.set.empty(row);
    this.table.remove(row);
  }
}

class FairDagColumns implements Columns<typeof T.FAIR_DAG> {
  tag: Columns<typeof T.FAIR_DAG>['tag'] = new Float64Array(0);
  period: Columns<typeof T.FAIR_DAG>['period'] = new Float64Array(0);
  pending: Columns<typeof T.FAIR_DAG>['pending'] = new Float64Array(0);
  sinceToken: Columns<typeof T.FAIR_DAG>['sinceToken'] = new Float64Array(0);
}

class FairDagSet implements Setters<typeof T.FAIR_DAG> {
  constructor(
    private readonly table: Table,
    private readonly c: FairDagColumns,
  ) {}

  tag(row: number, value: number): void {
    const column = this.c.tag;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1) === 0) this.table.note(row, touched | 1, 576, before);
    column[row] = value;
  }

  period(row: number, value: number): void {
    const column = this.c.period;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2) === 0) this.table.note(row, touched | 2, 577, before);
    column[row] = value;
  }

  pending(row: number, value: number): void {
    const column = this.c.pending;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4) === 0) this.table.note(row, touched | 4, 578, before);
    column[row] = value;
  }

  sinceToken(row: number, value: number): void {
    const column = this.c.sinceToken;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8) === 0) this.table.note(row, touched | 8, 579, before);
    column[row] = value;
  }

  empty(row: number): void {
    const { c } = this;
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
    old = c.tag[row]!;
    if (old !== 0) {
      if ((now & 1) === 0) log.add(576, row, old);
      now |= 1;
      c.tag[row] = 0;
    }
    old = c.period[row]!;
    if (old !== 0) {
      if ((now & 2) === 0) log.add(577, row, old);
      now |= 2;
      c.period[row] = 0;
    }
    old = c.pending[row]!;
    if (old !== 0) {
      if ((now & 4) === 0) log.add(578, row, old);
      now |= 4;
      c.pending[row] = 0;
    }
    old = c.sinceToken[row]!;
    if (old !== 0) {
      if ((now & 8) === 0) log.add(579, row, old);
      now |= 8;
      c.sinceToken[row] = 0;
    }
    touched[row] = now;
  }
}

class FairDagAdd implements Adders<typeof T.FAIR_DAG> {
  constructor(
    private readonly table: Table,
    private readonly c: FairDagColumns,
    private readonly set: FairDagSet,
  ) {}

  tag(row: number, amount: number): number {
    const value = this.c.tag[row]! + amount;
    if (value < 0) this.table.refuse('tag', value);
    this.set.tag(row, value);
    return value;
  }

  period(row: number, amount: number): number {
    const value = this.c.period[row]! + amount;
    if (value < 0) this.table.refuse('period', value);
    this.set.period(row, value);
    return value;
  }

  pending(row: number, amount: number): number {
    const value = this.c.pending[row]! + amount;
    if (value < 0) this.table.refuse('pending', value);
    this.set.pending(row, value);
    return value;
  }

  sinceToken(row: number, amount: number): number {
    const value = this.c.sinceToken[row]! + amount;
    if (value < 0) this.table.refuse('sinceToken', value);
    this.set.sinceToken(row, value);
    return value;
  }
}

/** Rows of `fairDag`. */
export class FairDagRows {
  /** Columns by name. */
  readonly c = new FairDagColumns();
  readonly table: Table<typeof T.FAIR_DAG>;
  readonly set: FairDagSet;
  readonly add: FairDagAdd;
  private readonly index: KeyIndex;

  constructor(shape?: TableShape<typeof T.FAIR_DAG>) {
    this.table = new Table(18, 'fairDag', T.FAIR_DAG, shape, this.c, false);
    this.index = this.table.index as KeyIndex;
    this.set = new FairDagSet(this.table, this.c);
    this.add = new FairDagAdd(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(keyA: number, keyB = 0): number {
    return this.index.get(keyA, keyB);
  }

  /** The row with this key, made if it is not there. */
  row(keyA: number, keyB = 0): number {
    const handle = this.index.get(keyA, keyB);
    return handle === 0 ? this.table.make(keyA, keyB) : handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back.
   */
  clear(row: number): void {
    this.set.empty(row);
    this.table.remove(row);
  }
}

class BucketColumns implements Columns<typeof T.BUCKET> {
  isUnits: Columns<typeof T.BUCKET>['isUnits'] = new Uint8Array(0);
  add: Columns<typeof T.BUCKET>['add'] = new Float64Array(0);
  perMs: Columns<typeof T.BUCKET>['perMs'] = new Float64Array(0);
  burst: Columns<typeof T.BUCKET>['burst'] = new Float64Array(0);
  level: Columns<typeof T.BUCKET>['level'] = new Float64Array(0);
  filledAtMs: Columns<typeof T.BUCKET>['filledAtMs'] = new Float64Array(0);
  sinceToken: Columns<typeof T.BUCKET>['sinceToken'] = new Float64Array(0);
}

class BucketSet implements Setters<typeof T.BUCKET> {
  constructor(
    private readonly table: Table,
    private readonly c: BucketColumns,
  ) {}

  isUnits(row: number, value: number): void {
    const column = this.c.isUnits;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 1) === 0) this.table.note(row, touched | 1, 608, before);
    column[row] = value;
  }

  add(row: number, value: number): void {
    const column = this.c.add;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 2) === 0) this.table.note(row, touched | 2, 609, before);
    column[row] = value;
  }

  perMs(row: number, value: number): void {
    const column = this.c.perMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 4) === 0) this.table.note(row, touched | 4, 610, before);
    column[row] = value;
  }

  burst(row: number, value: number): void {
    const column = this.c.burst;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 8) === 0) this.table.note(row, touched | 8, 611, before);
    column[row] = value;
  }

  level(row: number, value: number): void {
    const column = this.c.level;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 16) === 0) this.table.note(row, touched | 16, 612, before);
    column[row] = value;
  }

  filledAtMs(row: number, value: number): void {
    const column = this.c.filledAtMs;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 32) === 0) this.table.note(row, touched | 32, 613, before);
    column[row] = value;
  }

  sinceToken(row: number, value: number): void {
    const column = this.c.sinceToken;
    const before = column[row]!;
    if (before === value) return;
    const touched = this.table.touched[row]!;
    if ((touched & 64) === 0) this.table.note(row, touched | 64, 614, before);
    column[row] = value;
  }

  empty(row: number): void {
    const { c } = this;
    const { log, touched } = this.table;
    let now = touched[row]!;
    let old = 0;
    old = c.isUnits[row]!;
    if (old !== 0) {
      if ((now & 1) === 0) log.add(608, row, old);
      now |= 1;
      c.isUnits[row] = 0;
    }
    old = c.add[row]!;
    if (old !== 0) {
      if ((now & 2) === 0) log.add(609, row, old);
      now |= 2;
      c.add[row] = 0;
    }
    old = c.perMs[row]!;
    if (old !== 0) {
      if ((now & 4) === 0) log.add(610, row, old);
      now |= 4;
      c.perMs[row] = 0;
    }
    old = c.burst[row]!;
    if (old !== 0) {
      if ((now & 8) === 0) log.add(611, row, old);
      now |= 8;
      c.burst[row] = 0;
    }
    old = c.level[row]!;
    if (old !== 0) {
      if ((now & 16) === 0) log.add(612, row, old);
      now |= 16;
      c.level[row] = 0;
    }
    old = c.filledAtMs[row]!;
    if (old !== 0) {
      if ((now & 32) === 0) log.add(613, row, old);
      now |= 32;
      c.filledAtMs[row] = 0;
    }
    old = c.sinceToken[row]!;
    if (old !== 0) {
      if ((now & 64) === 0) log.add(614, row, old);
      now |= 64;
      c.sinceToken[row] = 0;
    }
    touched[row] = now;
  }
}

class BucketAdd implements Adders<typeof T.BUCKET> {
  constructor(
    private readonly table: Table,
    private readonly c: BucketColumns,
    private readonly set: BucketSet,
  ) {}

  isUnits(row: number, amount: number): number {
    const value = this.c.isUnits[row]! + amount;
    if (value < 0) this.table.refuse('isUnits', value);
    this.set.isUnits(row, value);
    return value;
  }

  add(row: number, amount: number): number {
    const value = this.c.add[row]! + amount;
    if (value < 0) this.table.refuse('add', value);
    this.set.add(row, value);
    return value;
  }

  perMs(row: number, amount: number): number {
    const value = this.c.perMs[row]! + amount;
    if (value < 0) this.table.refuse('perMs', value);
    this.set.perMs(row, value);
    return value;
  }

  burst(row: number, amount: number): number {
    const value = this.c.burst[row]! + amount;
    if (value < 0) this.table.refuse('burst', value);
    this.set.burst(row, value);
    return value;
  }

  level(row: number, amount: number): number {
    const value = this.c.level[row]! + amount;
    if (value < 0) this.table.refuse('level', value);
    this.set.level(row, value);
    return value;
  }

  filledAtMs(row: number, amount: number): number {
    const value = this.c.filledAtMs[row]! + amount;
    if (value < 0) this.table.refuse('filledAtMs', value);
    this.set.filledAtMs(row, value);
    return value;
  }

  sinceToken(row: number, amount: number): number {
    const value = this.c.sinceToken[row]! + amount;
    if (value < 0) this.table.refuse('sinceToken', value);
    this.set.sinceToken(row, value);
    return value;
  }
}

/** Rows of `bucket`. */
export class BucketRows {
  /** Columns by name. */
  readonly c = new BucketColumns();
  readonly table: Table<typeof T.BUCKET>;
  readonly set: BucketSet;
  readonly add: BucketAdd;
  private readonly index: KeyIndex;

  constructor(shape?: TableShape<typeof T.BUCKET>) {
    this.table = new Table(19, 'bucket', T.BUCKET, shape, this.c, false);
    this.index = this.table.index as KeyIndex;
    this.set = new BucketSet(this.table, this.c);
    this.add = new BucketAdd(this.table, this.c, this.set);
  }

  get keyA(): Float64Array {
    return this.table.keyA;
  }

  get keyB(): Uint32Array {
    return this.table.keyB;
  }

  /** The handle of the row with this key, 0 when there is none. */
  find(keyA: number, keyB = 0): number {
    return this.index.get(keyA, keyB);
  }

  /** The row with this key, made if it is not there. */
  row(keyA: number, keyB = 0): number {
    const handle = this.index.get(keyA, keyB);
    return handle === 0 ? this.table.make(keyA, keyB) : handle;
  }

  /**
   * Sets all fields to zero: the row is gone, and is not found any more. Its handle stays taken until the turn is
   * accepted, because an undo brings the row back.
   */
  clear(row: number): void {
    this.set.empty(row);
    this.table.remove(row);
  }
}
