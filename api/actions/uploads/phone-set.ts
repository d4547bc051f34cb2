/** A power of two, as every size after it. */
const FIRST_SIZE = 1_024;
const EMPTY = -1;
const E164_KEY = /^\+\d{7,15}$/;

/** The numbers of a file, to find duplicates: 16 bytes each, where a Set of strings takes 80. */
export class PhoneSet {
  #slots = new Float64Array(FIRST_SIZE).fill(EMPTY);
  #count = 0;

  /** @returns whether the phone key was there already */
  add(key: string): boolean {
    if (this.#count * 2 > this.#slots.length) this.#grow();
    return this.#insert(this.#slots, valueOf(key));
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

/** A double holds the digits of E.164 exactly. What is longer or no number is a hash below 0: 51 bits, so none are taken for one. */
function valueOf(key: string): number {
  if (E164_KEY.test(key)) return Number(key);
  let [high, low] = [0, 0];
  for (let index = 0; index < key.length; index++) {
    high = Math.imul(high ^ key.charCodeAt(index), 0x9e37_79b1) ^ (low >>> 7);
    low = Math.imul(low ^ key.charCodeAt(index), 0x85eb_ca6b) ^ (high >>> 11);
  }
  return EMPTY - 1 - ((high >>> 13) * 0x1_0000_0000 + (low >>> 0));
}

/** Spreads numbers that follow one another, as those of a file often do: in a row they would make every look-up walk the row. */
function hashOf(key: number): number {
  let hash = Math.imul(key % 0x1_0000_0000, 0x85eb_ca6b) ^ Math.imul(Math.floor(key / 0x1_0000_0000), 0xc2b2_ae35);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}
