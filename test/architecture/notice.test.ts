/** NOTICE says what the packages of others are licensed under; who ships this product goes by it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly license?: string;
}

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const manifest = JSON.parse(read('package.json')) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };

/** What a section lists: the name and the licence in each of its lines. */
function listed(title: string): string[] {
  const [, section] = new RegExp(`^${title}\n((?: {2}.*\n)+)`, 'm').exec(read('NOTICE'))!;
  return [...section!.matchAll(/^ {2}(\S+) +([^(\n]*[^(\n ])/gm)].map(([, name, licence]) => `${name}: ${licence}`);
}

/** A package that names none in its manifest has the text of one. */
const UNNAMED: Record<string, string> = { '@kafkajs/confluent-schema-registry': 'MIT' };

function licensed(names: readonly string[]): string[] {
  return [...names].sort().map((name) => `${name}: ${packages[`node_modules/${name}`]!.license ?? UNNAMED[name]}`);
}

describe('NOTICE', () => {
  it('lists what is needed at run time, and its licences', () => {
    expect(listed('At run time')).toEqual(licensed(Object.keys(manifest.dependencies)));
  });

  it('lists what examples and development need, and its licences', () => {
    const title = 'In the examples and for development only';
    expect(listed(title)).toEqual(licensed(Object.keys(manifest.devDependencies)));
  });

  it('says rightly that no package is under a licence of the GPL family', () => {
    const names = Object.keys(packages).filter((name) => /GPL/.test(packages[name]!.license ?? ''));
    expect(Object.keys(packages).length).toBeGreaterThan(300);
    expect(names).toEqual([]);
  });
});
