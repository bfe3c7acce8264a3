import { ensureSample, SAMPLES, type SampleName } from '../examples/documents/samples.js';

/** `npx tsx scripts/make-samples.ts OUT_DIR [NAME …]`: writes the sample PDFs and the truth about them. */
const [folder, ...names] = process.argv.slice(2);
if (!folder || names.some((name) => !(name in SAMPLES))) {
  console.error(`usage: make-samples OUT_DIR [${Object.keys(SAMPLES).join(' | ')}] …`);
  process.exit(2);
}
for (const name of (names.length > 0 ? names : Object.keys(SAMPLES)) as SampleName[]) {
  const { pdf } = await ensureSample(name, folder);
  console.log(`${pdf}: ${SAMPLES[name]} pages`);
}
