// The page of a report: everything that it shows is in the block of data. Runs in a browser, after uPlot.
const shown = JSON.parse(document.getElementById('data').textContent);
const COLOURS = ['#2f6fde', '#e4572e', '#2a9d6f', '#9b5de5', '#e9a23b', '#00a6b4', '#c2477f', '#6b7280'];
const OUTCOMES = { failed: '#c1121f', 'timed-out': '#c1121f', 'executor-lost': '#c1121f', cancelled: '#9aa3b2' };
const ROW = 16;
const NAMES = 150;

const byId = (id) => document.getElementById(id);
const time = (ms) => new Date(ms).toISOString().slice(11, 23).replace('Z', '');
const span = (ms) =>
  ms < 1000 ? `${ms} ms` : ms < 120000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 60000).toFixed(1)} min`;

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
    titles.map((title) => element('th', title)),
  );
  const body = rows.map((cells) =>
    element(
      'tr',
      cells.map((cell) => (cell instanceof Node ? element('td', [cell]) : element('td', cell))),
    ),
  );
  into.append(element('table', [element('thead', [head]), element('tbody', body)]));
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
    width: into.clientWidth || 520,
    height: 220,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.1)] } },
    // As in the timeline: UTC, of 24 hours.
    axes: [{ values: (_plot, ticks) => ticks.map((tick) => time(tick * 1000).slice(0, 8)) }, {}],
    series: [{ label: 'time', value: (_plot, at) => (at === null ? '--' : time(at * 1000)) }, ...series],
  };
  return new uPlot(options, [at, ...names.map((name) => lines[name])], into);
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
      return [name, wait.count, ...kinds.map((kind) => span(wait[kind])), span(wait.longest), bar];
    }),
  );
}

/** The timeline: a row for each lane of each executor. Drawn anew for each stretch that is looked at. */
function timeline() {
  const rows = [];
  const places = new Map();
  const bars = [...shown.bars].sort(
    (a, b) => (a.class + a.executor < b.class + b.executor ? -1 : 1) || a.lane - b.lane,
  );
  for (const bar of bars) {
    const key = `${bar.executor} ${bar.lane}`;
    if (!places.has(key)) {
      places.set(key, rows.length);
      rows.push(bar.lane === 0 ? `${bar.executor} (${bar.class})` : '');
    }
  }
  const dags = [...new Set(shown.bars.map(({ dag }) => dag))];
  const colourOf = new Map(dags.map((dag, i) => [dag, COLOURS[i % COLOURS.length]]));
  const canvas = element('canvas');
  byId('timeline').append(canvas);
  const view = { from: shown.fromMs, to: shown.toMs };
  const height = rows.length * ROW + 24;
  const width = canvas.parentElement.clientWidth;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext('2d');
  const x = (ms) => NAMES + ((ms - view.from) / Math.max(1, view.to - view.from)) * (width - NAMES);

  const draw = () => {
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.font = '11px system-ui, sans-serif';
    pen.fillStyle = '#5b6577';
    for (const [i, name] of rows.entries()) pen.fillText(name, 0, i * ROW + 12, NAMES - 8);
    for (let i = 0; i <= 6; i++) {
      const at = view.from + ((view.to - view.from) * i) / 6;
      pen.fillStyle = '#e3e7ee';
      pen.fillRect(Math.min(width - 1, x(at)), 0, 1, height - 20);
      pen.fillStyle = '#5b6577';
      pen.textAlign = i === 6 ? 'right' : i === 0 ? 'left' : 'center';
      pen.fillText(time(at), x(at), height - 6);
    }
    pen.textAlign = 'left';
    for (const bar of shown.bars) {
      if (bar.toMs < view.from || bar.fromMs > view.to) continue;
      const left = Math.max(NAMES, x(bar.fromMs));
      const row = places.get(`${bar.executor} ${bar.lane}`);
      pen.fillStyle = OUTCOMES[bar.outcome] ?? colourOf.get(bar.dag);
      pen.fillRect(left, row * ROW + 2, Math.max(1, x(bar.toMs) - left - 0.5), ROW - 4);
    }
  };

  const pointedAt = (event) => {
    const box = canvas.getBoundingClientRect();
    const at = view.from + ((event.clientX - box.left - NAMES) / (width - NAMES)) * (view.to - view.from);
    const row = Math.floor((event.clientY - box.top) / ROW);
    return { at, row };
  };
  let began = null;
  canvas.addEventListener('mousedown', (event) => {
    began = pointedAt(event).at;
  });
  canvas.addEventListener('mouseup', (event) => {
    const { at } = pointedAt(event);
    const [from, to] = [Math.min(began, at), Math.max(began, at)];
    if (to - from > (view.to - view.from) / 200) {
      view.from = Math.max(shown.fromMs, from);
      view.to = Math.min(shown.toMs, to);
      draw();
    }
  });
  canvas.addEventListener('dblclick', () => {
    view.from = shown.fromMs;
    view.to = shown.toMs;
    draw();
  });
  canvas.addEventListener('mousemove', (event) => {
    const { at, row } = pointedAt(event);
    const bar = shown.bars.find(
      (one) => places.get(`${one.executor} ${one.lane}`) === row && one.fromMs <= at && at < one.toMs,
    );
    byId('pointed').textContent =
      bar === undefined
        ? '\u00a0'
        : `${bar.dag} ${bar.job} on ${bar.executor}, ${time(bar.fromMs)} to ${time(bar.toMs)}, ${span(bar.toMs - bar.fromMs)}, ${bar.outcome}`;
  });
  draw();
}

function figures() {
  const { deadlines, bars, barsLeftOut } = shown;
  const met = deadlines.with - deadlines.missed - deadlines.open;
  const all = [
    [`${met} of ${deadlines.with}`, 'deadlines met'],
    [deadlines.missed, 'missed'],
    ...(deadlines.open === 0 ? [] : [[deadlines.open, 'still to come']]),
    [bars.length + barsLeftOut, 'attempts'],
    [span(shown.toMs - shown.fromMs), 'of journal time'],
  ];
  byId('figures').append(...all.map(([value, name]) => element('div', [element('b', value), element('span', name)])));
}

byId('about').textContent =
  `${shown.tenant === null ? '' : `DAG of tenant ${shown.tenant}, `}` +
  `${new Date(shown.fromMs).toISOString()} to ${new Date(shown.toMs).toISOString()} UTC, ` +
  `turn ${shown.place.turn}, policy ${shown.place.policy}`;
figures();
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
table(
  byId('misses'),
  ['DAG', 'tenant', 'late', 'cause'],
  shown.misses.map(({ dag, tenant, lateMs, cause }) => [dag, tenant, span(lateMs), cause]),
);
document.body.dataset.ready = 'true';
