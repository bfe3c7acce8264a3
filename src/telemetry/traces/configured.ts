/** Whether traces are sent, and how: the standard environment variables say it. Loads nothing. */

/** What this program speaks to a collector. */
export type OtlpProtocol = 'http/protobuf' | 'http/json';

/** A variable that asks for what there isn't. */
export interface TracingProblem {
  readonly path: string;
  readonly detail: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** How traces are to be sent; null where nobody asked for it, a problem where it can't be done as asked. */
export function tracingOf(env: Env): OtlpProtocol | TracingProblem | null {
  const value = (name: string): string | undefined => env[name]?.trim() || undefined;
  if (value('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return null;
  const exporter = value('OTEL_TRACES_EXPORTER');
  if (exporter === 'none') return null;
  if (exporter !== undefined && exporter !== 'otlp') {
    return { path: 'OTEL_TRACES_EXPORTER', detail: `there is no exporter ${exporter}, only otlp and none` };
  }
  const endpoint = value('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') ?? value('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (exporter === undefined && endpoint === undefined) return null;
  const name =
    value('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') === undefined
      ? 'OTEL_EXPORTER_OTLP_PROTOCOL'
      : 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL';
  const protocol = value(name) ?? 'http/protobuf';
  if (protocol === 'http/protobuf' || protocol === 'http/json') return protocol;
  return { path: name, detail: `${protocol} is not spoken here; take http/protobuf or http/json` };
}
