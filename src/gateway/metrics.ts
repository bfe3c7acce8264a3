/** Metrics in the Prometheus format. Labels are classes, states and routes: never a DAG or a job. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Gateway } from './context.js';
import type { App, GatewayDeps } from './deps.js';
import { registerSignals } from './signals/prometheus.js';

const APPEND_BUCKETS_MS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1_000, 5_000];
const REQUEST_BUCKETS_MS = [0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1_000, 5_000];

/** Registers the metrics and counts the requests of the server. */
export function measure(app: App, gateway: Gateway): Registry {
  const registry = new Registry();
  countRequests(app, gateway, registry);
  countTurns(gateway, registry, app);
  cellGauges(gateway, registry);
  classGauges(gateway.deps, registry);
  registerSignals(registry, gateway.recorder, () => gateway.pressure.read());
  observeAppends(gateway.deps.appendTimes, registry, app);
  return registry;
}

function countRequests(app: App, { streams }: Gateway, registry: Registry): void {
  const durations = new Histogram({
    name: 'marie_http_request_duration_ms',
    help: 'Time from request to answer, streams apart',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_BUCKETS_MS,
    registers: [registry],
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const labels = { method: request.method, route, status: String(reply.statusCode) };
    if (!streams.includes(reply.raw)) durations.observe(labels, reply.elapsedTime);
    done();
  });
}

function countTurns({ deps, recorder }: Gateway, registry: Registry, app: App): void {
  const turns = new Counter({ name: 'marie_turns_total', help: 'Turns accepted', registers: [registry] });
  const entries = new Counter({ name: 'marie_entries_total', help: 'Inputs and events', registers: [registry] });
  const end = deps.outbox.subscribe((turn) => {
    turns.inc();
    entries.inc(turn.entries.length);
    recorder.take(turn);
  });
  app.addHook('onClose', (_app, done) => {
    end();
    done();
  });
}

function cellGauges({ deps, hub, streams }: Gateway, registry: Registry): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('marie_turn', 'Last turn of the fold', () => deps.views.cell().turn);
  gauge('marie_epoch', 'Epoch of the leader', () => deps.views.cell().epoch);
  gauge('marie_inbox_waiting', 'Inputs that wait', () => deps.views.cell().inboxWaiting);
  gauge('marie_open_dags', 'DAGs that have not ended', () => deps.views.cell().openDags);
  gauge('marie_known_jobs', 'Jobs of open DAGs', () => deps.views.cell().knownJobs);
  gauge('marie_dispatch_streams', 'Dispatch streams that are open', () => hub.streams);
  gauge('marie_streams', 'Streams that are open', () => streams.open);
  clockGauge(deps, registry);
}

/** Only of the process that leads: no other one has a journal time that goes on. */
function clockGauge({ views }: GatewayDeps, registry: Registry): void {
  new Gauge({
    name: 'marie_clock_ahead_ms',
    help: 'By how much the wall clock is ahead of journal time, below zero if it is behind',
    registers: [registry],
    collect() {
      const aheadMs = views.cell().clockAheadMs;
      if (aheadMs === null) this.remove();
      else this.set(aheadMs);
    },
  });
}

function classGauges({ views }: GatewayDeps, registry: Registry): void {
  new Gauge({
    name: 'marie_ready_jobs',
    help: 'Jobs that wait for a slot',
    labelNames: ['group', 'class'],
    registers: [registry],
    collect() {
      this.reset();
      for (const one of views.classes()) this.set({ group: one.group, class: one.executorClass }, one.ready);
    },
  });
  new Gauge({
    name: 'marie_slots',
    help: 'Slots by state',
    labelNames: ['group', 'class', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const one of views.classes()) {
        const labels = { group: one.group, class: one.executorClass };
        this.set({ ...labels, state: 'advertised' }, one.slotsAdvertised);
        this.set({ ...labels, state: 'reserved' }, one.slotsReserved);
        this.set({ ...labels, state: 'reclaiming' }, one.slotsReclaiming);
        this.set({ ...labels, state: 'free' }, one.slotsFree);
        this.set({ ...labels, state: 'withdrawn' }, 0);
      }
      for (const { group, executorClass, state, slotsWithdrawn } of views.executors()) {
        const isThere = state !== 'lost' && state !== 'left';
        if (isThere && slotsWithdrawn > 0)
          this.inc({ group, class: executorClass, state: 'withdrawn' }, slotsWithdrawn);
      }
    },
  });
}

function observeAppends(times: GatewayDeps['appendTimes'], registry: Registry, app: App): void {
  const appends = new Histogram({
    name: 'marie_append_duration_ms',
    help: 'Time to make a turn durable',
    buckets: APPEND_BUCKETS_MS,
    registers: [registry],
  });
  const end = times.subscribe((ms) => appends.observe(ms));
  app.addHook('onClose', (_app, done) => {
    end();
    done();
  });
}
