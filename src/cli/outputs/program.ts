/** What commands about the program itself give. */
import { z } from 'zod';
import { count } from '../../answers/schemas.js';

export const up = z
  .object({ url: z.string(), data: z.string(), cell: z.string(), pid: count })
  .describe('Where the fabric listens, as soon as it does.');

export const completion = z.object({ shell: z.string(), script: z.string() }).describe("A shell's completion script.");

export const candidates = z
  .object({
    candidates: z.array(z.object({ value: z.string(), about: z.string() })),
    shell: z.enum(['file', 'directory']).nullable().describe('What the shell completes by itself.'),
  })
  .describe('What the word under the cursor can be.');

const named = z.object({ name: z.string(), about: z.string() });

const command = z.object({
  path: z.array(z.string()).describe('The words that call it.'),
  aliases: z.array(z.string()),
  about: z.string(),
  arguments: z.array(named),
  options: z.array(
    z.object({
      flags: z.string(),
      about: z.string(),
      choices: z.array(z.string()).describe('What it may be; empty: not one of a few.'),
      default: z.string().nullable(),
      env: z.string().nullable().describe('The variable that it comes from if it is not given.'),
    }),
  ),
  notes: z.string().nullable(),
  examples: z.array(z.object({ line: z.string(), about: z.string().nullable() })),
  output: z.string().describe('Name of the schema of its data with --json.'),
  lines: z.boolean().describe('Whether --json gives a value of the schema a line.'),
});

export const help = z
  .object({
    commands: z.array(command),
    exitCodes: z.array(z.object({ code: count, meaning: z.string() })),
    environment: z.array(z.object({ name: z.string(), meaning: z.string() })),
  })
  .describe('The whole reference of the command line.');
