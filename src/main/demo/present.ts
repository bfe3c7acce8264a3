import { type BatchResult, checkResult, type SampleFiles } from '../../../examples/documents/index.js';
import type { Io } from '../../cli/terminal/io.js';
import { allJobs, dagLine, stagesOf, stageTable } from '../../cli/terminal/stages.js';
import type { Dag, FabricClient } from '../../client/index.js';
import { DEFAULT_HOST, DEFAULT_PORT } from '../config/defaults.js';
import { inData } from '../data-folder.js';
import { shortPath } from './paths.js';
import { resultText, verdictText } from './result.js';

/** The job whose output is the result. */
const RESULT_JOB = 'merge';

/** Shows the result, how long each stage waited and ran, and whether the result is right; resolves with the latter. */
export async function presentResult(io: Io, client: FabricClient, dag: Dag, sample: SampleFiles): Promise<boolean> {
  const { dim } = io.colors;
  const stages = stagesOf(await allJobs(client, dag.dagId));
  const result = dag.state === 'succeeded' ? await client.output<BatchResult>(dag.dagId, RESULT_JOB) : null;
  if (result !== null) io.out(`\n${resultText(io, result)}`);
  io.out(`\n${stageTable(io, stages)}`);
  io.out(dim('waited: ready until dispatched; ran: dispatched until ended; of several jobs the mean'));
  io.out(`\n${dagLine(io, dag)}`);
  if (result === null) return false;
  const differences = checkResult(result, sample.truth);
  io.out(verdictText(io.colors, differences));
  return differences.length === 0;
}

/** What to try next, while the fabric stays up. */
export function presentNext(io: Io, url: string, dagId: string, data: string): void {
  const { bold, cyan, dim } = io.errColors;
  const isUsual = url === `http://${DEFAULT_HOST}:${DEFAULT_PORT}`;
  const at = isUsual ? '' : ` --url ${url}`;
  const journal = shortPath(inData(data).journal);
  const commands: readonly (readonly [string, string])[] = [
    [`npx marie top${at}`, 'the cell on one screen'],
    [`npx marie get ${dagId}${at}`, 'the DAG and its stages'],
    [`npx marie get ${dagId} --jobs${at}`, 'every job of every page'],
    [`curl ${url}/v1/dags/${dagId}/jobs/${RESULT_JOB}/output`, 'the result as JSON'],
    [`npx marie journal cat ${journal}`, 'every event that led to it'],
    [`npx marie replay verify ${journal}`, 'folds that history again, turn by turn'],
  ];
  const width = Math.max(...commands.map(([command]) => command.length));
  io.note(`\n${bold('The fabric stays up.')} API page: ${cyan(`${url}/docs`)}`);
  for (const [command, what] of commands) io.note(`  ${command.padEnd(width)}  ${dim(what)}`);
  io.note(dim('Ctrl-C ends it; the next start goes on with the same journal.'));
}
