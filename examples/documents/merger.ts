import { defineExecutor, type JobContext, type JobInput } from '../../src/executor/index.js';
import type { ExtractOutput } from './fields.js';
import { allOf } from './inputs.js';
import type {
  Annotation,
  Block,
  BlockKind,
  ClassifyOutput,
  CutOutput,
  DocumentRef,
  LayoutOutput,
  PostingOutput,
} from './model.js';
import type { BatchResult, ResultDocument, ResultPage } from './result.js';
import { corrected, type Decision, decisionsOf } from './review.js';
import { totalsOf } from './totals.js';
import { problemsIn } from './validator.js';

/** What the stages found out, each list in order. */
export interface Findings {
  readonly layouts: readonly LayoutOutput[];
  readonly classes: readonly ClassifyOutput[];
  readonly documents: readonly DocumentRef[];
  readonly fields: readonly ExtractOutput[];
  readonly postings: readonly PostingOutput[];
  readonly annotations: readonly Annotation[];
  readonly decisions: ReadonlyMap<number, Decision>;
}

/** `merger`: the result of the batch. */
export const merger = defineExecutor({
  class: 'merger',
  slots: 2,
  async run(ctx, input): Promise<BatchResult> {
    return merge({
      layouts: await allOf<LayoutOutput>(ctx, input, 'layouts'),
      classes: await allOf<ClassifyOutput>(ctx, input, 'classes'),
      documents: input['documents'] as CutOutput['documents'],
      fields: await allOf<ExtractOutput>(ctx, input, 'fields'),
      postings: await allOf<PostingOutput>(ctx, input, 'postings'),
      annotations: await annotationsOf(ctx, input),
      decisions: decisionsOf(input['review']),
    });
  },
});

/** Puts what the stages found out, and what a person decided, into the one result of the batch. */
export function merge(findings: Findings): BatchResult {
  const documents = findings.documents.map((ref, index) => documentResult(findings, ref, index));
  const pages = findings.layouts.map((layout, index) => pageResult(findings, layout, index));
  return {
    pageCount: pages.length,
    documentCount: documents.length,
    pages,
    documents,
    totals: totalsOf(pages, documents),
  };
}

function pageResult({ classes, documents }: Findings, layout: LayoutOutput, index: number): ResultPage {
  const found = classes[index];
  const holder = documents.find(({ from, to }) => from <= layout.page && layout.page <= to);
  return {
    page: layout.page,
    document: holder?.document ?? 0,
    class: found?.class ?? 'other',
    classConfidence: found?.confidence ?? 0,
    textSource: layout.source,
    ocrConfidence: layout.confidence,
    textLines: layout.lines.length,
    blocks: countsOf(layout.blocks),
  };
}

function countsOf(blocks: readonly Block[]): Record<BlockKind, number> {
  const counts: Record<BlockKind, number> = { heading: 0, paragraph: 0, pairs: 0, table: 0 };
  for (const { kind } of blocks) counts[kind]++;
  return counts;
}

function documentResult(findings: Findings, ref: DocumentRef, index: number): ResultDocument {
  const found = findings.fields[index];
  const made = findings.decisions.get(ref.document);
  const invoice = found?.invoice ? corrected(found.invoice, made) : null;
  const receipt = found?.receipt ? corrected(found.receipt, made) : null;
  const problems = problemsIn(invoice, receipt);
  return {
    ...ref,
    title: found?.title ?? null,
    invoice,
    receipt,
    validation: problems && { valid: problems.length === 0, problems },
    decision: made?.decision ?? null,
    account: findings.postings[index]?.account ?? null,
    annotation: findings.annotations[index] ?? { skipped: true, reason: 'not asked' },
  };
}

/** The annotations; that a job of these failed is no reason to have no result. */
async function annotationsOf(ctx: JobContext, input: JobInput): Promise<Annotation[]> {
  const annotations: Annotation[] = [];
  for await (const { state, output } of ctx.collection<Annotation>(input['annotations']).entries()) {
    annotations.push(output ?? { skipped: true, reason: `the job has ${state}` });
  }
  return annotations;
}
