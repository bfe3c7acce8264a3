import type { ExecutorDefinition } from '../../executor/index.js';

/** The executors that a module exports: as its default, by name, or in lists. An executor that is exported twice is one. */
export function definitionsOf(module: object): readonly ExecutorDefinition[] {
  const found = new Set<ExecutorDefinition>();
  const look = (value: unknown): void => {
    if (isDefinition(value)) found.add(value);
    else if (Array.isArray(value)) value.forEach(look);
  };
  // A file that is compiled to CommonJS has its exports in its default one.
  const { default: main } = module as { readonly default?: unknown };
  for (const value of Object.values(module)) look(value);
  if (typeof main === 'object' && main !== null && !isDefinition(main)) Object.values(main).forEach(look);
  return [...found];
}

function isDefinition(value: unknown): value is ExecutorDefinition {
  if (typeof value !== 'object' || value === null) return false;
  const { class: executorClass, slots, run } = value as Partial<ExecutorDefinition>;
  return typeof executorClass === 'string' && Number.isSafeInteger(slots) && typeof run === 'function';
}
