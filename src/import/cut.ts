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

/** Half a character, which JSON can spell, becomes the replacement character. */
function characters(text: string): readonly string[] {
  return [...text.replaceAll(/[\ud800-\udfff]/gu, '\ufffd')];
}

function within(all: readonly string[], bytes: number): readonly string[] {
  let room = bytes;
  const end = all.findIndex((character) => {
    room -= bytesOf(character);
    return room < 0;
  });
  return end < 0 ? all : all.slice(0, end);
}
