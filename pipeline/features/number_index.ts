/**
 * Gives each distinct number the next small one: a hash table in two flat
 * arrays (open addressing, linear probing), 24 B per number at most. A Map of
 * numbers above 2^31 keeps each in an object of its own, at three times the
 * memory and time.
 */
export class NumberIndex {
  #keys = new Float64Array(1024);
  /** One more than the code of the key in the same place; 0 where free. */
  #codes = new Int32Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The code of a key, a new one where it has none; an integer of at most 53 bits. */
  of(key: number): number {
    let at = this.#place(key);
    if (this.#codes[at] !== 0) return this.#codes[at] - 1;
    if (2 * this.#size >= this.#keys.length) {
      this.#grow();
      at = this.#place(key);
    }
    this.#keys[at] = key;
    this.#codes[at] = ++this.#size;
    return this.#size - 1;
  }

  /** The code of a key, −1 where it has none. */
  find(key: number): number {
    return this.#codes[this.#place(key)] - 1;
  }

  #place(key: number): number {
    const mask = this.#keys.length - 1;
    const low = key >>> 0, high = (key / 4_294_967_296) >>> 0;
    let hash = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1);
    hash ^= hash >>> 15;
    let at = hash & mask;
    while (this.#codes[at] !== 0 && this.#keys[at] !== key) at = at + 1 & mask;
    return at;
  }

  #grow(): void {
    const keys = this.#keys, codes = this.#codes;
    this.#keys = new Float64Array(2 * keys.length);
    this.#codes = new Int32Array(2 * keys.length);
    for (let i = 0; i < keys.length; i++) {
      if (codes[i] === 0) continue;
      const at = this.#place(keys[i]);
      this.#keys[at] = keys[i];
      this.#codes[at] = codes[i];
    }
  }
}
