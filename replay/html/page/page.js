// The page of a report: everything that it shows is in the block of data. Runs in a browser, after uPlot.
const shown = JSON.parse(document.getElementById('data').textContent);
const COLOURS = ['#2f6fde', '#e4572e', '#2a9d6f', '#9b5de5', '#e9a23b', '#00a6b4', '#c2477f', '#6b7280'];
const OUTCOMES = { failed: '#c1121f', 'timed-out': '#c1121f', 'executor-lost': '#c1121f', cancelled: '#9aa3b2' };
/** Height of a row of the timeline; less where there are so many that no browser draws a canvas of all of them. */
const ROW = 16;
const MOST_HEIGHT = 30000;
/** Between the names of rows at least. */
const NAME_ROOM = 12;
/** The room that names have beside their rows, where there is as much. */
const NAMES = 150;

const byId = (id) => document.getElementById(id);
/** With its day where there are several. */
const dayOf = (ms) => new Date(ms).toISOString().slice(0, 10);
const isOfDays = dayOf(shown.fromMs) !== dayOf(shown.toMs);
/** Width of a moment below the timeline at least. */
const MARK = isOfDays ? 110 : 90;
const time = (ms) =>
  new Date(ms)
    .toISOString()
    .slice(isOfDays ? 5 : 11, 23)
    .replace('T', ' ');
const short = (ms) => time(ms).slice(0, isOfDays ? 11 : 8);
const number = (value) => value.toLocaleString('en');

/** A duration as the command line writes it. */
function span(ms) {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59950) return `${(ms / 1000).toFixed(ms < 9995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A colour of the style sheet, which has other ones where it is dark. */
const styled = (name) => getComputedStyle(document.documentElement).getPropertyValue(name);

/** Draws anew when there is another width for what stands in an element, or the page has other colours. */
function redrawn(into, draw) {
  new ResizeObserver(draw).observe(into);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
}

/** An element with text or children. */
function element(tag, content = '', className = '') {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...(Array.isArray(content) ? content : [String(content)]));
  return made;
}

function table(into, titles, rows) {
  if (rows.length === 0) return into.append(element('p', 'None.', 'hint'));
  const head = element(
    'tr',
    // A header that says nothing is read out as one nevertheless; beside it, others pass for those of a row.
    titles.map((title) => (title === '' ? element('td') : Object.assign(element('th', title), { scope: 'col' }))),
  );
  const body = rows.map((cells) =>
    element(
      'tr',
      cells.map((cell) => (cell instanceof Node ? element('td', [cell]) : element('td', cell))),
    ),
  );
  into.append(element('table', [element('thead', [head]), element('tbody', body)]));
}

/** Says of a table how many rows it leaves out. */
function more(id, count) {
  if (count === 0) return;
  byId(id).append(
    element(
      'p',
      `… and ${number(count)} more: marie replay sla JOURNAL --missed --all-tenants --json has all of them`,
      'hint',
    ),
  );
}

const LINES = { stroke: () => styled('--line'), width: 1 };
const AXIS = { stroke: () => styled('--soft'), grid: LINES, ticks: LINES };
/** Height of a chart. */
const CHART = 220;

/** A picture has this to say to who does not see it. */
function describe(canvas, text) {
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', text);
}

/** What a chart shows, in words. */
function inWords({ at, lines }) {
  const said = Object.entries(lines).map(([name, values]) => {
    const most = values.reduce((one, other) => Math.max(one, other), 0);
    const when = most === 0 ? '' : ` at ${time(at[values.indexOf(most)] * 1000)}`;
    return `${name}: at most ${number(most)}${when}, ${number(values.at(-1) ?? 0)} at the end`;
  });
  return said.length === 0 ? 'nothing' : said.join('; ');
}

/** A chart of lines that keep their value until the next moment. */
function chart(id, { at, lines }) {
  const into = byId(id);
  const names = Object.keys(lines);
  const own = names.filter((name) => !name.endsWith(', offered'));
  const series = names.map((name) => {
    const isOffered = name.endsWith(', offered');
    const colour = COLOURS[own.indexOf(name.replace(', offered', '')) % COLOURS.length];
    return {
      label: name,
      stroke: colour,
      width: isOffered ? 1 : 2,
      dash: isOffered ? [4, 4] : [],
      paths: uPlot.paths.stepped({ align: 1 }),
      points: { show: false },
    };
  });
  const options = {
    width: into.clientWidth,
    height: CHART,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.1)] } },
    // As in the timeline: UTC, of 24 hours.
    axes: [
      { ...AXIS, space: isOfDays ? 90 : 70, values: (_plot, ticks) => ticks.map((tick) => short(tick * 1000)) },
      AXIS,
    ],
    series: [{ label: 'time', value: (_plot, at) => (at === null ? '--' : time(at * 1000)) }, ...series],
  };
  const plot = new uPlot(options, [at, ...names.map((name) => lines[name])], into);
  describe(plot.ctx.canvas, `${into.previousElementSibling.textContent}. ${inWords({ at, lines })}`);
  // Its values are those below the pointer, and dashes without one.
  into.querySelector('.u-legend').ariaHidden = 'true';
  redrawn(into, () => plot.setSize({ width: into.clientWidth, height: CHART }));
}

/** Mean, median and 99th percentile of each class, as bars. */
function waitsChart() {
  const names = Object.keys(shown.waits);
  const kinds = ['p50', 'mean', 'p99'];
  table(
    byId('waits'),
    ['class', 'dispatches', ...kinds, 'longest', ''],
    names.map((name) => {
      const wait = shown.waits[name];
      const longest = Math.max(1, ...names.map((other) => shown.waits[other].p99));
      const bar = element('div', '', 'share');
      bar.style.width = `${(100 * wait.p99) / longest}%`;
      return [name, number(wait.count), ...kinds.map((kind) => span(wait[kind])), span(wait.longest), bar];
    }),
  );
}

/** A row for each lane of each executor, by class and id; those of one executor are beside each other. */
function rowsOfTimeline() {
  const executors = new Map();
  for (const { executor, class: name, lanes } of shown.bars) {
    const known = executors.get(executor) ?? { executor, name, lanes: 0 };
    known.lanes = Math.max(known.lanes, ...lanes.map((lane) => lane + 1));
    executors.set(executor, known);
  }
  const byName = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const sorted = [...executors.values()].sort((a, b) => byName(a.name, b.name) || byName(a.executor, b.executor));
  const rows = [];
  const firstOf = new Map();
  for (const { executor, name, lanes } of sorted) {
    firstOf.set(executor, rows.length);
    for (let lane = 0; lane < lanes; lane++) rows.push(lane === 0 ? `${executor} (${name})` : '');
  }
  return { rows, placesOf: ({ executor, lanes }) => lanes.map((lane) => firstOf.get(executor) + lane) };
}

/** What is looked at when nobody has chosen a stretch: as far as all bars are there. */
const whole = () => ({ from: shown.fromMs, to: shown.drawnToMs });

/** Whether the report is one DAG's, not the whole cell's. */
const isOfOneDag = shown.tenant !== null;

/** What is looked at first: of a DAG, the time of its attempts, which may be short in a long history. */
function begin() {
  const all = whole();
  const [first] = shown.bars;
  if (!isOfOneDag || first === undefined) return all;
  const end = shown.bars.reduce((latest, { toMs }) => Math.max(latest, toMs), first.toMs);
  return { from: Math.max(all.from, first.fromMs), to: Math.min(all.to, Math.max(end, first.fromMs + 1)) };
}

/** What has one colour: of a cell each DAG, of a DAG each job with its children. */
const groupOf = ({ dag, job }) => (isOfOneDag ? job.replace(/\[\d+\]$/, '') : dag);

/** How many bars have which outcome. */
function outcomesOf(bars) {
  const counts = new Map();
  for (const { outcome } of bars) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${number(count)} ${outcome}`).join(', ') || 'none';
}

/** The timeline. Drawn anew for each stretch that is looked at. */
function timeline() {
  const { rows, placesOf } = rowsOfTimeline();
  const bars = shown.bars.map((bar) => ({ ...bar, places: placesOf(bar) }));
  const groups = [...new Set(shown.bars.map(groupOf))];
  const colourOf = new Map(groups.map((group, i) => [group, COLOURS[i % COLOURS.length]]));
  const canvas = element('canvas');
  canvas.tabIndex = 0;
  byId('timeline').append(canvas);
  let view = begin();
  const ratio = window.devicePixelRatio || 1;
  const row = Math.max(1, Math.min(ROW, Math.floor(MOST_HEIGHT / ratio / Math.max(1, rows.length))));
  const height = Math.min(MOST_HEIGHT / ratio, rows.length * row + 24);
  canvas.height = height * ratio;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext('2d');
  let width;
  let left;
  const x = (ms) => left + ((ms - view.from) / Math.max(1, view.to - view.from)) * (width - left);

  const drawNames = () => {
    pen.fillStyle = styled('--soft');
    let free = 0;
    for (const [i, name] of rows.entries()) {
      if (name === '' || i * row < free) continue;
      pen.fillText(name, 0, i * row + Math.min(row, ROW) - Math.min(4, row - 1), left - 8);
      free = i * row + NAME_ROOM;
    }
  };
  const draw = () => {
    width = canvas.parentElement.clientWidth;
    left = Math.min(NAMES, width / 3);
    canvas.width = width * ratio;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.font = '11px system-ui, sans-serif';
    drawNames();
    const marks = Math.max(1, Math.min(isOfDays ? 5 : 6, Math.floor((width - left) / MARK) - 1));
    for (let i = 0; i <= marks; i++) {
      const at = view.from + ((view.to - view.from) * i) / marks;
      pen.fillStyle = styled('--line');
      pen.fillRect(Math.min(width - 1, x(at)), 0, 1, height - 20);
      pen.fillStyle = styled('--soft');
      pen.textAlign = i === marks ? 'right' : i === 0 ? 'left' : 'center';
      pen.fillText(time(at), x(at), height - 6);
    }
    pen.textAlign = 'left';
    const seen = bars.filter((bar) => bar.toMs >= view.from && bar.fromMs <= view.to);
    for (const bar of seen) {
      const from = Math.max(left, x(bar.fromMs));
      pen.fillStyle = OUTCOMES[bar.outcome] ?? colourOf.get(groupOf(bar));
      const inset = row > 4 ? 2 : 0;
      for (const place of bar.places) {
        pen.fillRect(from, place * row + inset, Math.max(1, x(bar.toMs) - from - 0.5), row - 2 * inset);
      }
    }
    describe(canvas, `Attempts on slots from ${time(view.from)} to ${time(view.to)}: ${outcomesOf(seen)}`);
  };
  /** Looks at another stretch; the bars that are left out are in none. */
  const look = (from, to) => {
    const all = whole();
    const ms = Math.min(to - from, all.to - all.from);
    if (ms < 1) return;
    const start = Math.max(all.from, Math.min(from, all.to - ms));
    view = { from: start, to: start + ms };
    draw();
  };

  const pointedAt = (event) => {
    const box = canvas.getBoundingClientRect();
    const at = view.from + ((event.clientX - box.left - left) / (width - left)) * (view.to - view.from);
    return { at, place: Math.floor((event.clientY - box.top) / row) };
  };
  let began = null;
  canvas.addEventListener('mousedown', (event) => {
    began = pointedAt(event).at;
  });
  canvas.addEventListener('mouseup', (event) => {
    if (began === null) return;
    const { at } = pointedAt(event);
    const from = Math.max(view.from, Math.min(began, at));
    const to = Math.min(view.to, Math.max(began, at));
    began = null;
    if (to - from > (view.to - view.from) / 200) look(from, to);
  });
  canvas.addEventListener('dblclick', () => look(shown.fromMs, shown.drawnToMs));
  canvas.addEventListener('keydown', (event) => {
    const { from, to } = view;
    const ms = to - from;
    const stretches = {
      '+': [from + ms / 4, to - ms / 4],
      '=': [from + ms / 4, to - ms / 4],
      '-': [from - ms / 2, to + ms / 2],
      ArrowLeft: [from - ms / 4, to - ms / 4],
      ArrowRight: [from + ms / 4, to + ms / 4],
      Home: [shown.fromMs, shown.drawnToMs],
    };
    const stretch = stretches[event.key];
    if (stretch === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    look(...stretch);
  });
  canvas.addEventListener('mousemove', (event) => {
    const { at, place } = pointedAt(event);
    const bar = bars.find((one) => one.places.includes(place) && one.fromMs <= at && at < one.toMs);
    byId('pointed').textContent =
      bar === undefined
        ? '\u00a0'
        : `${bar.dag} ${bar.job} on ${bar.executor}, ${time(bar.fromMs)} to ${time(bar.toMs)}, ${span(bar.toMs - bar.fromMs)}, ${bar.outcome}`;
  });
  draw();
  redrawn(canvas.parentElement, draw);
}

/** Whoever looks must not take for idle what is not drawn. */
function leftOut() {
  const { bars, barsLeftOut, drawnToMs } = shown;
  if (barsLeftOut === 0) return;
  byId('left-out').textContent =
    `Drawn are the first ${number(bars.length)} of ${number(bars.length + barsLeftOut)} attempts, ` +
    `up to ${time(drawnToMs)}: a report of a shorter period has the others.`;
}

function figures() {
  const { deadlines, bars, barsLeftOut } = shown;
  const met = deadlines.with - deadlines.missed - deadlines.open;
  const all = [
    [`${number(met)} of ${number(deadlines.with)}`, 'deadlines met'],
    [number(deadlines.missed), 'missed'],
    ...(deadlines.open === 0 ? [] : [[number(deadlines.open), 'still to come']]),
    [number(bars.length + barsLeftOut), 'attempts'],
    [span(shown.toMs - shown.fromMs), 'of journal time'],
  ];
  byId('figures').append(...all.map(([value, name]) => element('div', [element('b', value), element('span', name)])));
}

byId('about').textContent =
  `${shown.tenant === null ? '' : `DAG of tenant ${shown.tenant}, `}` +
  `${new Date(shown.fromMs).toISOString()} to ${new Date(shown.toMs).toISOString()} UTC, ` +
  `turn ${shown.place.turn}, policy ${shown.place.policy}`;
figures();
leftOut();
timeline();
chart('in-use', shown.inUse);
chart('ready', shown.ready);
chart('pressure', shown.pressure);
waitsChart();
table(
  byId('blame'),
  ['what', 'class', 'DAGs', 'share', ''],
  shown.blame.map(({ words, class: name, dags, permille }) => {
    const bar = element('div', '', 'share');
    bar.style.width = `${permille / 10}%`;
    return [words, name, dags, `${(permille / 10).toFixed(1)} %`, bar];
  }),
);
more('blame', shown.more.blame);
table(
  byId('misses'),
  ['DAG', 'tenant', 'late', 'cause'],
  shown.misses.map(({ dag, tenant, lateMs, cause }) => [dag, tenant, lateMs > 0 ? span(lateMs) : '-', cause]),
);
more('misses', shown.more.misses);
document.body.dataset.ready = 'true';
