import { NumberIndex } from "./number_index.ts";

/**
 * A set of numbers under each number. Most sets have one member, which needs
 * no Set of its own.
 */
export class NumberSets {
  readonly #keys = new NumberIndex();
  /** By code of the key: its only value, and the set where there are more. */
  readonly #first: number[] = [];
  readonly #sets = new Map<number, Set<number>>();

  add(key: number, value: number): void {
    const code = this.#keys.of(key);
    if (code === this.#first.length) {
      this.#first.push(value);
      return;
    }
    const set = this.#sets.get(code);
    if (set) set.add(value);
    else if (this.#first[code] !== value) {
      this.#sets.set(code, new Set([this.#first[code], value]));
    }
  }

  count(key: number): number {
    const code = this.#keys.find(key);
    return code < 0 ? 0 : this.#sets.get(code)?.size ?? 1;
  }
}
