/** The text of files that people give. Apart from what reads it: YAML costs time to load, and not all of it is YAML. */
import { readFile } from 'node:fs/promises';
import { text as textOfStream } from 'node:stream/consumers';
import { CliError, Exit } from '../exit.js';

/** What some editors, above all on Windows, set before a text in UTF-8: YAML allows it, JSON doesn't know it. */
const BYTE_ORDER_MARK = /^\ufeff/;

/**
 * The text of a file, or of stdin for `-`, whatever that is: a terminal, a pipe, a socket; without the byte order mark that
 * an editor set before it. For a folder: `todo`.
 */
export async function readText(file: string, todo: string): Promise<string> {
  return plainText(await textIn(file, todo));
}

/** A file's text without that mark. */
export function plainText(text: string): string {
  return text.replace(BYTE_ORDER_MARK, '');
}

async function textIn(file: string, todo: string): Promise<string> {
  if (file === '-') return textOfStream(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EISDIR')
      throw unreadableFile(file, 'it is a folder', todo);
    throw error;
  }
}

/** The error of a file that does not hold what a command needs. */
export function unreadableFile(file: string, detail: string, todo: string): CliError {
  return new CliError(Exit.Usage, 'unreadable-file', detail, { where: file, todo });
}
