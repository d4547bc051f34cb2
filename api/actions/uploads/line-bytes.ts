const PIECE_BYTES = 65_536;
const BYTES_PER_UNIT_MAX = 3;

/**
 * Lines as the bytes that are sent, in UTF-8, in pieces. Each line is written once, where it stays: to string a million of them
 * together first, and to count and copy that, is a tenth of the work of an import.
 */
export class LineBytes {
  #full: Buffer[] = [];
  #piece = Buffer.alloc(0);
  #length = 0;

  add(line: string): void {
    const bytesMax = line.length * BYTES_PER_UNIT_MAX;
    if (this.#length + bytesMax > this.#piece.length) this.#startPiece(bytesMax);
    this.#length += this.#piece.write(line, this.#length);
  }

  /** The bytes of the lines that were added since the last time. */
  take(): Buffer[] {
    const taken = [...this.#full, this.#piece.subarray(0, this.#length)];
    this.#full = [];
    this.#piece = this.#piece.subarray(this.#length);
    this.#length = 0;
    return taken;
  }

  #startPiece(bytesMax: number): void {
    this.#full.push(this.#piece.subarray(0, this.#length));
    this.#piece = Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, bytesMax));
    this.#length = 0;
  }
}
