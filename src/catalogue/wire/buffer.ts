/** Methods that every Buffer has and that skip the checks of `toString` and `write`; Node does not declare them. */
export type FastBuffer = Buffer & {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
  utf8Write(text: string, offset: number, length: number): number;
  latin1Write(text: string, offset: number, length: number): number;
};

/** The same memory as a Buffer. */
export function asBuffer(bytes: Uint8Array): FastBuffer {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer as FastBuffer;
}
