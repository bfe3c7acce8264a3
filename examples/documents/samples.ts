import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SampleName } from './samples/plan.js';
import type { Truth } from './samples/truth.js';

export type { SampleName } from './samples/plan.js';
export type { Truth } from './samples/truth.js';

/** All samples, with their pages. */
export const SAMPLES: Readonly<Record<SampleName, number>> = { invoice: 1, mixed: 12, archive: 200 };

/** Raised with every change of what the samples look like, so that old files are made anew. */
const EDITION = 2;

/** A sample on disk. */
export interface SampleFiles {
  readonly name: SampleName;
  /** Path of the PDF. */
  readonly pdf: string;
  readonly truth: Truth;
}

/**
 * Gives a sample, and makes it first if it is not in the folder yet. Making the 12 pages takes half a second; what is
 * there and whole is taken as it is, without loading anything that draws.
 * @param folder Where samples are kept; made if it is missing.
 */
export async function ensureSample(name: SampleName, folder: string): Promise<SampleFiles> {
  const pdf = join(folder, `${name}.pdf`);
  const note = join(folder, `${name}.truth.json`);
  const found = await readSample(pdf, note);
  if (found) return { name, pdf, truth: found };
  const { makeSample } = await import('./samples/plan.js');
  const made = await makeSample(name);
  await mkdir(folder, { recursive: true });
  await writeWhole(pdf, made.pdf);
  const content = { edition: EDITION, sha256: sha256(made.pdf), truth: made.truth };
  await writeWhole(note, `${JSON.stringify(content, null, 2)}\n`);
  return { name, pdf, truth: made.truth };
}

async function readSample(pdf: string, note: string): Promise<Truth | null> {
  try {
    const {
      edition,
      sha256: expected,
      truth,
    } = JSON.parse(await readFile(note, 'utf8')) as {
      edition: number;
      sha256: string;
      truth: Truth;
    };
    return edition === EDITION && expected === sha256(await readFile(pdf)) ? truth : null;
  } catch {
    // Missing or half written: it is made anew.
    return null;
  }
}

async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
