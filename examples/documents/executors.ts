import type { RunOptions } from '../../src/executor/index.js';
import { classifier } from './classifier.js';
import { extractor } from './extractor.js';
import { layout } from './layout.js';
import { createLlm, type LlmEndpoint } from './llm.js';
import { merger } from './merger.js';
import { createOcr, OCR_SLOTS } from './ocr.js';
import { splitter } from './splitter.js';
import { validator } from './validator.js';

/** The executors of the document pipeline, ready to be attached to a fabric. */
export interface DocumentExecutors {
  readonly executors: RunOptions['executors'];
  /** Loads the PDF reader and starts the OCR before there is work for them. */
  warm(): Promise<void>;
  /** Ends the OCR's threads; without it the process stays alive. */
  close(): Promise<void>;
}

/**
 * Makes the eight executors.
 * @param options.ocrSlots Pages that are recognised at once, 2 by default.
 * @param options.llm The endpoint that annotates; without one the annotation is skipped.
 */
export function documentExecutors(
  options: { ocrSlots?: number; llm?: LlmEndpoint | undefined } = {},
): DocumentExecutors {
  const ocr = createOcr(options.ocrSlots ?? OCR_SLOTS);
  const executors = [splitter, layout, ocr.executor, classifier, extractor, validator, createLlm(options.llm), merger];
  return { executors, warm: ocr.warm, close: ocr.close };
}
