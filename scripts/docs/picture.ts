/** One attempt of a job as it was recorded; moments are ms since the first job became ready. */
export interface RecordedJob {
  readonly job: string;
  readonly executorClass: string;
  readonly readyMs: number;
  readonly startedMs: number;
  readonly endedMs: number;
}

export interface Run {
  readonly about: string;
  readonly jobs: readonly RecordedJob[];
}

const WIDTH = 960;
const LEFT = 110;
const RIGHT = 100;
const TOP = 64;
const BAR = 6;
const GAP = 2;
const STAGE_GAP = 9;
const FOOT = 34;
/** A stage with one job has room for its name. */
const LEAST_HEIGHT = 14;

/** Colours that can be told apart on white and by most eyes; a class keeps its own. */
const COLOURS = ['#4477aa', '#ee6677', '#228833', '#aa3377', '#66a5c4', '#b08a16', '#7a5195', '#555555', '#2a9d8f'];
/** Attributes and no style sheet: not everything that shows an SVG reads one. */
const STYLES = {
  title: 'font-size="15" font-weight="bold" fill="#222222"',
  bold: 'font-size="12" font-weight="bold" fill="#333333"',
  small: 'font-size="11" fill="#666666"',
} as const;
const WAITED_OPACITY = '0.25';

interface Stage {
  readonly name: string;
  readonly executorClass: string;
  readonly jobs: readonly RecordedJob[];
}

/** A run as an SVG: a bar for each job, light while it waited for a slot, solid while it ran. */
export function picture({ jobs }: Run): string {
  const stages = stagesOf(jobs);
  const endMs = Math.max(...jobs.map(({ endedMs }) => endedMs));
  const scale = (ms: number): number => LEFT + (ms * (WIDTH - LEFT - RIGHT)) / endMs;
  const classes = [...new Set(stages.map(({ executorClass }) => executorClass))];
  const parts: string[] = [];
  let y = TOP;
  for (const stage of stages) {
    const colour = COLOURS[classes.indexOf(stage.executorClass) % COLOURS.length] ?? '#000000';
    const height = Math.max(LEAST_HEIGHT, stage.jobs.length * (BAR + GAP));
    const first = y + (height - stage.jobs.length * (BAR + GAP)) / 2;
    const middle = y + height / 2 + 3;
    parts.push(text(LEFT - 12, middle, stage.name, 'end', 'bold'));
    parts.push(...stage.jobs.flatMap((job, at) => barOf(job, first + at * (BAR + GAP), scale, colour)));
    const last = Math.max(...stage.jobs.map(({ endedMs }) => endedMs));
    parts.push(text(scale(last) + 6, middle, labelOf(stage), 'start', 'small'));
    y += height + STAGE_GAP;
  }
  const height = y + FOOT;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Every job of a run as a bar over time, by stage">`,
    `<rect width="${WIDTH}" height="${height}" rx="8" fill="#ffffff"/>`,
    text(LEFT - 12, 28, 'One batch', 'end', 'title'),
    text(
      LEFT,
      28,
      `${jobs.length} jobs of ${classes.length} executor classes in ${seconds(endMs)}; pale: waited for a slot, solid: ran`,
      'start',
      'small',
    ),
    ...axis(endMs, scale, TOP - 14, y),
    ...parts,
    '</svg>',
  ].join('\n')}\n`;
}

/** Jobs by the stage that they are part of: a fan-out's children by the id before the bracket. */
function stagesOf(jobs: readonly RecordedJob[]): readonly Stage[] {
  const found = new Map<string, RecordedJob[]>();
  for (const job of jobs) {
    const name = job.job.replace(/\[\d+\]$/, '');
    found.set(name, [...(found.get(name) ?? []), job]);
  }
  const stages = [...found].map(([name, all]) => {
    const byStart = [...all].sort((a, b) => a.startedMs - b.startedMs || a.endedMs - b.endedMs);
    return { name, executorClass: all[0]?.executorClass ?? '', jobs: byStart };
  });
  return stages.sort((a, b) => (a.jobs[0]?.startedMs ?? 0) - (b.jobs[0]?.startedMs ?? 0));
}

function barOf({ readyMs, startedMs, endedMs }: RecordedJob, y: number, scale: (ms: number) => number, colour: string) {
  const rect = (from: number, to: number, opacity: string): string => {
    const width = Math.max(1.5, scale(to) - scale(from));
    return `<rect x="${scale(from).toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" fill="${colour}" fill-opacity="${opacity}"/>`;
  };
  return startedMs > readyMs
    ? [rect(readyMs, startedMs, WAITED_OPACITY), rect(startedMs, endedMs, '1')]
    : [rect(startedMs, endedMs, '1')];
}

function labelOf({ jobs, executorClass }: Stage): string {
  return jobs.length === 1 ? executorClass : `${executorClass} × ${jobs.length}`;
}

function axis(endMs: number, scale: (ms: number) => number, top: number, bottom: number): readonly string[] {
  const everyMs = [500, 1_000, 2_000, 5_000, 10_000].find((ms) => endMs / ms <= 12) ?? 60_000;
  const marks = Array.from({ length: Math.floor(endMs / everyMs) + 1 }, (_, at) => at * everyMs);
  return marks.flatMap((ms) => {
    const x = scale(ms).toFixed(1);
    return [
      `<line x1="${x}" y1="${top}" x2="${x}" y2="${bottom}" stroke="#dddddd"/>`,
      text(scale(ms), bottom + 18, seconds(ms), 'middle', 'small'),
    ];
  });
}

function seconds(ms: number): string {
  return ms % 1_000 === 0 ? `${ms / 1_000} s` : `${(ms / 1_000).toFixed(1)} s`;
}

function text(x: number, y: number, words: string, anchor: string, style: keyof typeof STYLES): string {
  const place = `x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}"`;
  return `<text ${place} font-family="Helvetica, Arial, sans-serif" ${STYLES[style]}>${words}</text>`;
}
