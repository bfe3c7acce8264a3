/** The page with the evaluation's table. */
import { available, type CellResult, shown } from './evaluate.js';
import { REASONS } from './reasons.js';
import { POLICIES, type Scenario } from './scenario.js';

/** The page, in Markdown. */
export function pageOf(
  scenarios: readonly Scenario[],
  results: readonly CellResult[],
  seeds: readonly number[],
): string {
  return `# Evaluation of the policies

Written by \`npm run -s bench -- policy --wfformat FOLDER\`: the scenarios below on the real kernel under a virtual
clock, every policy, the mean of the seeds ${seeds.join(', ')}. The same seed gives the same load under every policy. In brackets: the number by
which the default policy was settled before it was built. Times in seconds.

${table(scenarios, results)}

## What is outside the bar
The default keeps its order against each other policy wherever the settled numbers are more than 10 % (3 points) apart,
and comes within 25 % (3 points) of its own.

${outside(results)}

## The scenarios
Run times are lognormal (sigma 0.4) around the mean, which is also the estimate. Unless said: ocr 32 slots, classifier 8,
extractor 16, splitter 64. Small: classifier 0.3 s, ocr 2 s, extractor 1 s. Giant: split 5 s, pages of 2 s on ocr, merge 5 s. A load in
per cent is of the class that is used most; small DAGs arrive as a Poisson process, 300-page giants at even distances. A DAG's
wait is that of all its jobs. Where the words leave something open, the generator was chosen by the columns of the other policies, never by that of the
default: how far giants are apart, on which executors they are split; how many tenants there are, where fair@1 was not as
fifo@1 (F, P); the weight of N's third tenant, by fair@1; how long jobs run (I), what load there is (P).

\`--wfformat FOLDER\` adds scenario **W**, without which this page isn't written: the first ten instances in WfFormat of a folder, such as
[WfInstances](https://github.com/wfcommons/WfInstances) has.${instancesOf(scenarios)} \`--rows FILE\` keeps each run's numbers as
they come, and a call that finds them there goes on from them.

${scenarios.map(({ id, words }) => `- **${id}** ${words}`).join('\n')}
`;
}

/** Which instances the scenario of real DAGs was made of. */
function instancesOf(scenarios: readonly Scenario[]): string {
  const streams = scenarios.flatMap(({ plan }) => plan.load);
  const files = streams.flatMap((stream) => ('dags' in stream && stream.dags) || []);
  return files.length === 0 ? '' : ` Here: ${files.map((file) => `\`${file}\``).join(', ')}.`;
}

function table(scenarios: readonly Scenario[], results: readonly CellResult[]): string {
  const heads = available.map((policy) => (policy === 'default@1' ? '**default**' : policy.replace('@1', '')));
  const lines = [`| scenario: metric | ${heads.join(' | ')} |`, `|---|${heads.map(() => '---|').join('')}`];
  for (const { id } of scenarios) {
    const cells = results.filter(({ scenario }) => scenario === id);
    if (cells.length === 0) continue;
    const title = `${id} ${cells.map(({ cell }) => cell.name + (cell.unit === '%' ? ', %' : '')).join(' / ')}`;
    const columns = available.map((policy) => {
      const text = cells.map(({ cell, measured }) => {
        const { value, settled } = measured.find((one) => one.policy === policy)!;
        return `${shown(cell, value)} (${shown(cell, settled)})`;
      });
      return policy === 'default@1' ? `**${text.join(' / ')}**` : text.join(' / ');
    });
    lines.push(`| ${title} | ${columns.join(' | ')} |`);
  }
  const missing = POLICIES.filter((policy) => !available.includes(policy));
  if (missing.length > 0) lines.push('', `Not built yet: ${missing.join(', ')}.`);
  return lines.join('\n');
}

function outside(results: readonly CellResult[]): string {
  const lines = results.flatMap(({ scenario, cell, outside: all }) => {
    if (all.length === 0) return [];
    const reason = REASONS[`${scenario} ${cell.name}`];
    return [`- **${scenario}** ${cell.name}: ${all.join('; ')}.${reason === undefined ? '' : ` ${reason}`}`];
  });
  return lines.length === 0 ? 'Nothing.' : lines.join('\n');
}
