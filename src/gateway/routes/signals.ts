/** GET /v1/signals: the fabric's signals with percentiles over a window. */
import { z } from 'zod';
import { pressureSchema, signalSchema } from '../../answers/schemas.js';
import { Refusal } from '../../edge/problems.js';
import { queryNumber } from '../../edge/wire.js';
import type { Gateway } from '../context.js';
import type { App } from '../deps.js';
import { PRESSURE, SIGNAL_KEYS, SIGNALS, type SignalInfo, type SignalKey } from '../signals/signals.js';
import { described } from './schemas.js';

const NAMES = Object.values(SIGNALS).map(({ name }) => name);

const WINDOW_MS = 300_000;

const window = z.strictObject({
  windowMs: queryNumber(1, WINDOW_MS).default(WINDOW_MS).describe('How far back at least, in ms; half minutes count.'),
});

export function signalRoutes(app: App, gateway: Gateway): void {
  app.get(
    '/v1/signals',
    described(
      'signals',
      'All signals that are times, with percentiles over a window',
      z.object({ signals: z.array(signalSchema) }),
      { querystring: window },
    ),
    (request) => ({
      signals: SIGNAL_KEYS.map((key) => readSignal(gateway, key, request.query.windowMs)),
    }),
  );
  app.get(`/v1/signals/${PRESSURE.name}`, described('signals', PRESSURE.about, pressureSchema), async () => {
    const views = await gateway.pressure.read();
    const withShare = views.map((one) => ({
      ...one,
      share: one.open === 0 ? 0 : (one.atRisk + one.overdue) / one.open,
    }));
    return { signal: PRESSURE.name, title: PRESSURE.title, about: PRESSURE.about, series: withShare };
  });
  app.get(
    '/v1/signals/:signal',
    described('signals', 'A signal with percentiles over a window', signalSchema, {
      params: z.strictObject({ signal: z.string().max(64).meta({ enum: NAMES }) }),
      querystring: window,
    }),
    (request) => {
      const key = SIGNAL_KEYS.find((one) => SIGNALS[one].name === request.params.signal);
      if (key === undefined) throw new Refusal('not-found', `there is no signal ${request.params.signal}`);
      return readSignal(gateway, key, request.query.windowMs);
    },
  );
}

function readSignal({ recorder }: Gateway, key: SignalKey, atLeastMs: number): z.input<typeof signalSchema> {
  const { name, title, from, to }: SignalInfo = SIGNALS[key];
  const { windowMs, series } = recorder.recent(key, atLeastMs);
  return { signal: name, title, from, to, windowMs, series: [...series] };
}
