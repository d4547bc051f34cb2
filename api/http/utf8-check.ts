import { isAscii, isUtf8 } from 'node:buffer';

/** Tells whether all the bytes that pass are UTF-8, and what it counts when they are not all. */
export class Utf8Check {
  #rest = Buffer.alloc(0);
  #right = 0;
  #wrong = 0;

  add(chunk: Buffer): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const end = bytes.length - unfinishedBytes(bytes);
    this.#count(bytes.subarray(0, end));
    this.#rest = Buffer.from(bytes.subarray(end));
  }

  /** Characters beyond ASCII that are right, and places where bytes are none. */
  result(): { right: number; wrong: number } {
    return { right: this.#right, wrong: this.#wrong + (this.#rest.length > 0 ? 1 : 0) };
  }

  #count(bytes: Buffer): void {
    if (isAscii(bytes)) return;
    if (isUtf8(bytes)) {
      // Half of an upload's bytes may come here: an iterator would take ten times as long.
      for (let at = 0; at < bytes.length; at++) if (bytes[at]! >= 0xc0) this.#right += 1; // within its length
      return;
    }
    for (const character of bytes.toString('utf8')) {
      if (character === '\ufffd') this.#wrong += 1;
      else if (character > '\x7f') this.#right += 1;
    }
  }
}

/** How many bytes at the end begin a character that is not complete: at most 3. */
function unfinishedBytes(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!; // within its length
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? back : 0;
  }
  return 0;
}
