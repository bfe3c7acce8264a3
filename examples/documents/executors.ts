import type { RunOptions } from '../../src/executor/index.js';
import type { ChatPatience, LlmEndpoint } from './chat.js';
import { classifier } from './classifier.js';
import { custom } from './custom.js';
import { extractor } from './extractor.js';
import { layout } from './layout.js';
import { createLlm } from './llm.js';
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

/** What can be set of them. */
export interface DocumentOptions {
  /** Pages that are recognised at once, 2 by default. */
  readonly ocrSlots?: number;
  /** The endpoint that annotates; without one the annotation is skipped. */
  readonly llm?: LlmEndpoint | undefined;
  readonly llmPatience?: Partial<ChatPatience>;
}

/** Makes the nine executors. */
export function documentExecutors(options: DocumentOptions = {}): DocumentExecutors {
  const ocr = createOcr(options.ocrSlots ?? OCR_SLOTS);
  const llm = createLlm(options.llm, options.llmPatience);
  const executors = [splitter, layout, ocr.executor, classifier, extractor, validator, custom, llm, merger];
  return { executors, warm: ocr.warm, close: ocr.close };
}
