/**
 * Tags of tenants in a class and priority: start-time fair queueing (policy.md: Tenants share by weight). They are kept
 * whatever the policy, so that a switch finds them right.
 *
 * A tag without flows and leases is idle. One that is not ahead of V equals no row; one that is ahead is kept, in a
 * ring, while anybody is busy beside it. Each dispatch that raises V looks at the ring's first tags; with the last busy
 * tag all of them go, and V too, unless they are many.
 */

import { CursorKind } from '../../catalogue/generated/codes.js';
import type { Fold } from '../fold.js';
import { MAX_SUM, MAX_TAG } from '../limits.js';
import { tagKey } from '../rows/keys.js';
import type { State } from '../rows/state.js';
import { workingSlots } from './capacity.js';
import { makeCursor } from './make-cursor.js';

/** A flow of the tenant competes in the class and priority: a tenant that becomes backlogged starts at max(tag, V). */
export function backlog(fold: Fold, classSeq: number, priority: number, tenant: number): void {
  const { state } = fold;
  const { tags, virtuals } = state;
  const key = tagKey(classSeq, priority);
  const tag = tags.row(key, tenant);
  const virtual = virtuals.row(key);
  if (tags.c.flows[tag] === 0) {
    if (tags.c.leases[tag] === 0) virtuals.add.busy(virtual, 1);
    if (tags.c.idleAfter[tag] !== 0) leaveRing(fold, tag, virtual);
    const v = virtuals.c.v[virtual]!;
    const ahead = tags.c.tag[tag]! - v;
    if (ahead < 0) tags.set.tag(tag, v);
    if (tags.c.leases[tag] !== 0) comeBack(state, tag, ahead);
    // As if its row had been dropped when it came to be behind: whether that has happened yet decides nothing.
    else if (ahead <= 0) tags.set.rem(tag, 0);
  }
  tags.add.flows(tag, 1);
}

/**
 * A tenant wants more again while leases of it run. It begins where it would, had they been charged what they will have
 * used: their releases move it as far as that is ahead of V now. What they are charged counts until then, as it does
 * for who never stopped wanting: were it taken for unused, a tenant of long jobs, each of which waits for another,
 * would begin anew behind others with each of them.
 */
function comeBack({ tags, cell, cellRow }: State, tag: number, ahead: number): void {
  tags.set.backToken(tag, cell.c.nextToken[cellRow]!);
  tags.set.ahead(tag, ahead);
}

/** A flow of the tenant no longer competes there. */
export function idle(fold: Fold, classSeq: number, priority: number, tenant: number): void {
  const { tags } = fold.state;
  const tag = tags.find(tagKey(classSeq, priority), tenant);
  tags.add.flows(tag, -1);
  rest(fold, tag);
}

/** What a dispatch is charged as, and a release corrected as. */
export interface Account {
  readonly class: number;
  readonly priority: number;
  readonly tenant: number;
  readonly weight: number;
}

/**
 * The most that a tenant is owed: what all slots of the class do in ten minutes. Work that fits nowhere for days, until
 * an executor comes that has room, would keep the others waiting for as long afterwards.
 */
const OWED_MS = 600_000;

/** Charges a dispatch: the tenant's tag grows by cost / weight, what the division leaves stays in the row. */
export function charge(fold: Fold, account: Account, cost: number, isRegular: boolean): void {
  const { state } = fold;
  const { tags, virtuals } = state;
  const key = tagKey(account.class, account.priority);
  const tag = tags.find(key, account.tenant);
  const virtual = virtuals.find(key, 0);
  const v = virtuals.c.v[virtual]!;
  const own = tags.c.tag[tag]!;
  const before = own >= v ? own : Math.max(own, v - mostOwed(state, account.class, account.weight));
  const used = before - tags.c.pending[tag]!;
  const sum = tags.c.rem[tag]! + cost;
  const grown = Math.floor(sum / account.weight);
  tags.set.tag(tag, Math.min(MAX_TAG, before + grown));
  tags.set.rem(tag, sum - grown * account.weight);
  tags.add.leases(tag, 1);
  tags.set.pending(tag, Math.min(MAX_SUM, tags.c.pending[tag]! + Math.floor(cost / account.weight)));
  if (!isRegular || v >= used) return;
  virtuals.set.v(virtual, used);
  lookAtRing(fold, virtual);
}

/** The most that a tenant's tag is behind V when it starts something. */
export function mostOwed(state: State, classSeq: number, weight = 1): number {
  return Math.floor((OWED_MS * workingSlots(state, state.classes.find(classSeq))) / weight);
}

/**
 * Corrects a charge by what was really used: tag += (actual - cost) / weight. It may come to lie behind V: while a
 * tenant waited for jobs that cost it less than was charged, others had what was its own.
 */
export function correct(fold: Fold, account: Account, token: number, cost: number, actual: number): void {
  const { state } = fold;
  const { tags } = state;
  const key = tagKey(account.class, account.priority);
  const tag = tags.find(key, account.tenant);
  const sum = tags.c.rem[tag]! + actual - cost;
  const moved = Math.floor(sum / account.weight);
  const moves = token <= tags.c.backToken[tag]! ? movesBack(state, tag, moved) : moved;
  tags.set.tag(tag, Math.max(0, Math.min(MAX_TAG, tags.c.tag[tag]! + moves)));
  tags.set.rem(tag, sum - moved * account.weight);
  tags.add.leases(tag, -1);
  tags.set.pending(tag, Math.max(0, tags.c.pending[tag]! - Math.floor(cost / account.weight)));
  rest(fold, tag);
}

/**
 * How far the release of a lease that ran when its tenant came back moves the tag. Where it was behind V and is not so
 * far behind now, it began at V already: nobody pays for what he used until then, and once more for having wanted
 * nothing.
 */
function movesBack({ tags }: State, tag: number, moved: number): number {
  const before = tags.c.ahead[tag]!;
  const after = Math.max(-MAX_SUM, Math.min(MAX_SUM, before + moved));
  if (moved !== 0) tags.set.ahead(tag, after);
  return Math.max(0, after) - Math.max(0, before);
}

/** A tag that has become idle is dropped, or joins the ring. */
function rest(fold: Fold, tag: number): void {
  const { state } = fold;
  const { tags, virtuals } = state;
  if (tags.c.flows[tag] !== 0 || tags.c.leases[tag] !== 0) return;
  const key = tags.keyA[tag]!;
  const virtual = virtuals.find(key, 0);
  const busy = virtuals.add.busy(virtual, -1);
  if (busy > 0 && tags.c.tag[tag]! > virtuals.c.v[virtual]!) return joinRing(fold, tag, virtual);
  tags.clear(tag);
  if (busy > 0) return;
  dropTags(fold, key, MAX_DROPPED_AT_ONCE);
  if (virtuals.find(key) !== 0) makeCursor(fold, CursorKind.dropTags, 0, 0, key);
}

/**
 * Idle tags that go at once with the last busy one; of more a continuation drops the others. It comes too late where
 * somebody is busy again by then, as with each job of a chain that is alone: with the next of these moments more go.
 */
const MAX_DROPPED_AT_ONCE = 16;

/** Joins the ring as its last. */
function joinRing(fold: Fold, tag: number, virtual: number): void {
  const { state } = fold;
  const { tags, virtuals } = state;
  const key = tags.keyA[tag]!;
  const tenant = tags.keyB[tag]!;
  const first = virtuals.c.firstIdle[virtual]!;
  if (first === 0) {
    virtuals.set.firstIdle(virtual, tenant);
    tags.set.idleAfter(tag, tenant);
    tags.set.idleBefore(tag, tenant);
    return;
  }
  const head = tags.find(key, first);
  const last = tags.c.idleBefore[head]!;
  tags.set.idleAfter(tag, first);
  tags.set.idleBefore(tag, last);
  tags.set.idleAfter(tags.find(key, last), tenant);
  tags.set.idleBefore(head, tenant);
}

function leaveRing(fold: Fold, tag: number, virtual: number): void {
  const { state } = fold;
  const { tags, virtuals } = state;
  const key = tags.keyA[tag]!;
  const tenant = tags.keyB[tag]!;
  const after = tags.c.idleAfter[tag]!;
  const before = tags.c.idleBefore[tag]!;
  if (virtuals.c.firstIdle[virtual] === tenant) {
    virtuals.set.firstIdle(virtual, after === tenant ? 0 : after);
  }
  if (after !== tenant) {
    tags.set.idleBefore(tags.find(key, after), before);
    tags.set.idleAfter(tags.find(key, before), after);
  }
  tags.set.idleAfter(tag, 0);
  tags.set.idleBefore(tag, 0);
}

/** V has risen: of the ring's first tags at most two are dropped; one that is still ahead becomes the last. */
function lookAtRing(fold: Fold, virtual: number): void {
  const { state } = fold;
  const { tags, virtuals } = state;
  for (let n = 0; n < 2; n++) {
    const first = virtuals.c.firstIdle[virtual]!;
    if (first === 0) return;
    const tag = tags.find(virtuals.keyA[virtual]!, first);
    if (tags.c.tag[tag]! > virtuals.c.v[virtual]!) {
      const after = tags.c.idleAfter[tag]!;
      virtuals.set.firstIdle(virtual, after);
      return;
    }
    leaveRing(fold, tag, virtual);
    tags.clear(tag);
  }
}

/** Drops at most so many idle tags of a class and priority in which nobody is busy; with the last of them V goes. */
export function dropTags(fold: Fold, key: number, most: number): void {
  const { state } = fold;
  const { tags, virtuals } = state;
  const virtual = virtuals.find(key, 0);
  for (let n = 0; n < most && virtuals.c.firstIdle[virtual] !== 0; n++) {
    const tag = tags.find(key, virtuals.c.firstIdle[virtual]!);
    leaveRing(fold, tag, virtual);
    tags.clear(tag);
  }
  if (most > 0 && virtuals.c.firstIdle[virtual] === 0) virtuals.clear(virtual);
}
