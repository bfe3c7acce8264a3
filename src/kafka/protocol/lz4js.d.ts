/** What is used of lz4js: its published types have no size in `decompressBound`. */
declare module 'lz4js' {
  const lz4: {
    /** Bytes that a frame comes to, at most. */
    decompressBound(frame: Uint8Array): number;
    decompress(frame: Uint8Array, sizeBytes: number): Uint8Array;
    compress(bytes: Uint8Array): Uint8Array;
  };
  export default lz4;
}
