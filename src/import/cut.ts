/** Names that have room: limits of names are in bytes of UTF-8, which cannot hold half a character. */

/** The first characters of a text that have room in so many bytes. */
export function firstOf(text: string, bytes: number): string {
  return within(characters(text), bytes).join('');
}

/** The last characters of a text that have room in so many bytes. */
export function lastOf(text: string, bytes: number): string {
  return within(characters(text).toReversed(), bytes).toReversed().join('');
}

/** How many bytes a text takes. */
export function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}

/** A text with the replacement character for half a character, which JSON can spell. */
export function wellFormed(text: string): string {
  return text.replaceAll(/[\ud800-\udfff]/gu, '\ufffd');
}

function characters(text: string): readonly string[] {
  return [...wellFormed(text)];
}

function within(all: readonly string[], bytes: number): readonly string[] {
  let room = bytes;
  const end = all.findIndex((character) => {
    room -= bytesOf(character);
    return room < 0;
  });
  return end < 0 ? all : all.slice(0, end);
}
