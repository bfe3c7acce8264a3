/** What is used of lz4js: its published types have no size in `decompressBound`. */
declare module 'lz4js' {
  const lz4: {
    /** Bytes that a frame comes to, at most. */
    decompressBound(frame: Uint8Array): number;
    /** Puts what a block comes to into `into` from `at` on, and gives where that ends, also behind its end. */
    decompressBlock(frame: Uint8Array, into: Uint8Array, start: number, bytes: number, at: number): number;
    compress(bytes: Uint8Array): Uint8Array;
  };
  export default lz4;
}
