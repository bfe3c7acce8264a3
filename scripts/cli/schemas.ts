import { z } from 'zod';
import { OUTPUTS } from '../../src/cli/outputs/index.js';

/** The published schemas of the command line's data: path from the project's root -> text. */
export function schemaFiles(): ReadonlyMap<string, string> {
  const files = Object.entries(OUTPUTS).map(([name, output]) => {
    const schema = z.toJSONSchema(output, { io: 'input' });
    return [`schemas/cli/${name}.json`, `${JSON.stringify(schema, null, 2)}\n`] as const;
  });
  return new Map(files);
}
