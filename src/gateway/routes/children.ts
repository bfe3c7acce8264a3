/** GET …/children: the children of a fan-out with their outputs, which may be more than memory has room for. */
import { inOneLine } from '../../catalogue/wire/json.js';
import { Refusal } from '../../edge/problems.js';
import type { ChildView, Collection } from '../../scheduler/views/port.js';
import { ANSWER_BATCH, BATCH_CHARS, BatchSize } from '../batch-size.js';
import { type Gateway, untilAccepted } from '../context.js';
import type { App } from '../deps.js';
import { NDJSON } from '../http/bodies.js';
import { tellCut } from '../http/errors.js';
import { TURN_HEADER } from '../http/turns.js';
import type { TextStream } from '../streams.js';
import { knownDag } from './reads.js';
import { answeredAs, described, jobParams, pageQuery } from './schemas.js';

/**
 * How many children the answer has, one a line. A proxy that asks by HTTP/1.0, as nginx does unless it is told otherwise,
 * takes an answer that breaks off for one that has ended.
 */
const CHILDREN_HEADER = 'marie-children';

export function childrenRoute(app: App, gateway: Gateway): void {
  const { views } = gateway.deps;
  app.get(
    '/v1/dags/:dagId/jobs/:job/children',
    described(
      'dags',
      'Children of a fan-out with their outputs, as NDJSON',
      answeredAs(NDJSON, 'One line for each child: {"index","state","output"} or {…,"blob"}'),
      {
        description:
          'They are as they stood in one turn; the header Marie-Children says how many lines have to come. The ' +
          'connection is cut when the DAG is forgotten meanwhile.',
        params: jobParams,
        querystring: pageQuery,
      },
    ),
    async (request, reply) => {
      const { tenant, from, limit } = request.query;
      const { dagId, job } = request.params;
      const dag = await knownDag(gateway, tenant, dagId);
      const children = await views.collection(dag.dag, job, from, limit);
      await untilAccepted(gateway);
      const size = new BatchSize(ANSWER_BATCH);
      // The first ones before the head: what goes wrong then can still be said.
      const first = await children.next(size.next);
      if (first === null) throw new Refusal('unknown-dag', `${dagId} was forgotten meanwhile`);
      reply.hijack();
      const stream = gateway.streams.begin(reply.raw, `${NDJSON}; charset=utf-8`, {
        [TURN_HEADER]: String(dag.turn),
        [CHILDREN_HEADER]: String(children.count),
      });
      if (request.method === 'HEAD') return stream.end();
      await sendChildren(stream, children, size, first).catch((error: unknown) => {
        tellCut(request, error);
        stream.cut();
      });
    },
  );
}

/** Sends children as fast as the other side takes them; cut off, it knows that they are not all. */
async function sendChildren(
  stream: TextStream,
  children: Collection,
  size: BatchSize,
  first: readonly ChildView[],
): Promise<void> {
  let some: readonly ChildView[] | null = first;
  while (some !== null && some.length > 0 && !stream.closed) {
    size.adapt(await sendSome(stream, some));
    if (!stream.closed) some = await children.next(size.next);
  }
  if (some === null) stream.cut();
  else stream.end();
}

/**
 * Sends what was fetched, as far as somebody reads, and says how many characters that were. Large outputs may follow
 * small ones, and then all of it at once would be many times what a batch should become.
 */
async function sendSome(stream: TextStream, some: readonly ChildView[]): Promise<number> {
  let chars = 0;
  let text = '';
  for (const [index, child] of some.entries()) {
    text += childLine(child);
    if (text.length < BATCH_CHARS && index + 1 < some.length) continue;
    chars += text.length;
    if (!stream.write(text)) await stream.drained();
    if (stream.closed) break;
    text = '';
  }
  return chars;
}

function childLine({ index, state, output }: ChildView): string {
  const head = `{"index":${index},"state":${JSON.stringify(state)}`;
  if (output === null) return `${head},"output":null}\n`;
  if ('json' in output) return `${head},"output":${inOneLine(output.json)}}\n`;
  return `${head},"blob":${JSON.stringify(output.blob)}}\n`;
}
