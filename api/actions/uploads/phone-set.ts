/** A power of two, as every size after it. */
const FIRST_SIZE = 1_024;
const EMPTY = -1;

/** The numbers of a file, to find duplicates: 16 bytes each, where a Set of strings takes 80. */
export class PhoneSet {
  #slots = new Float64Array(FIRST_SIZE).fill(EMPTY);
  #count = 0;

  /** @returns whether the number was there already. The leading digit tells +34 from 34, and keeps leading zeros. */
  add(phone: string): boolean {
    if (this.#count * 2 > this.#slots.length) this.#grow();
    // At most 16 digits that begin with 1 or 2: a double holds them exactly.
    return this.#insert(this.#slots, Number(phone.startsWith('+') ? `2${phone.slice(1)}` : `1${phone}`));
  }

  #insert(slots: Float64Array, key: number): boolean {
    const mask = slots.length - 1;
    let at = hashOf(key) & mask;
    for (;;) {
      const found = slots[at];
      if (found === key) return true;
      if (found === EMPTY) break;
      at = (at + 1) & mask;
    }
    slots[at] = key;
    this.#count += 1;
    return false;
  }

  #grow(): void {
    const larger = new Float64Array(this.#slots.length * 2).fill(EMPTY);
    this.#count = 0;
    for (const key of this.#slots) if (key !== EMPTY) this.#insert(larger, key);
    this.#slots = larger;
  }
}

/** Spreads numbers that follow one another, as those of a file often do: in a row they would make every look-up walk the row. */
function hashOf(key: number): number {
  let hash = Math.imul(key % 0x1_0000_0000, 0x85eb_ca6b) ^ Math.imul(Math.floor(key / 0x1_0000_0000), 0xc2b2_ae35);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}
