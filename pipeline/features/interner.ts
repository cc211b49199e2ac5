import type { TextColumn } from "../record_batch.ts";

/** Gives each distinct text a small number, across batches. */
export class Interner {
  readonly values: string[] = [];
  readonly #codes = new Map<string, number>();

  code(text: string): number {
    let code = this.#codes.get(text);
    if (code === undefined) {
      code = this.values.length;
      this.values.push(text);
      this.#codes.set(text, code);
    }
    return code;
  }

  /**
   * The code here of each code of a batch's column; −1 for unset. Costs one
   * look-up per distinct text of the batch, not per row.
   */
  codesOf(
    column: TextColumn,
    normalize: (text: string) => string = (text) => text,
  ): Int32Array {
    const out = new Int32Array(column.values.length).fill(-1);
    for (let c = 1; c < out.length; c++) {
      out[c] = this.code(normalize(column.values[c]));
    }
    return out;
  }
}
