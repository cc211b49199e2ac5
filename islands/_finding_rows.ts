import type { FindingPage, FindingRowView, Marked } from "./_finding_api.ts";
import { type Asked, type Of, pageOf } from "./_finding_calls.ts";
import { messageOf } from "./_request.ts";

/** Rows that are asked for at a time. */
const BLOCK = 100;

/** The rows of one list, fetched block by block as they come into view. */
export class FindingRows {
  readonly #rows = new Map<number, FindingRowView>();
  readonly #blocks = new Map<number, Promise<void>>();
  /** Why some rows did not come; "" where all have. */
  trouble = "";

  /** @param first the page that came with the document. */
  constructor(
    readonly of: Of,
    readonly asked: Asked,
    readonly first: FindingPage,
    readonly onChange: () => void,
  ) {
    this.#keep(first);
  }

  get length(): number {
    return this.first.rows;
  }

  get(i: number): FindingRowView | undefined {
    return this.#rows.get(i);
  }

  /** Settles when rows from ≤ i < to are here. */
  async need(from: number, to: number): Promise<void> {
    const wanted: Promise<void>[] = [];
    for (let i = from; i < Math.min(to, this.length); i++) {
      if (this.#rows.has(i)) continue;
      const block = Math.floor(i / BLOCK);
      let asked = this.#blocks.get(block);
      if (!asked) {
        asked = this.#fetch(block);
        this.#blocks.set(block, asked);
      }
      wanted.push(asked);
      i = (block + 1) * BLOCK - 1;
    }
    await Promise.all(wanted);
  }

  /** The first row from i on that nobody has decided; −1 without one. */
  async undecidedFrom(i: number): Promise<number> {
    for (let at = Math.max(0, i); at < this.length; at++) {
      if (!this.#rows.has(at)) await this.need(at, at + 1);
      const row = this.#rows.get(at);
      if (!row) return -1;
      const { verdict, regular } = row.best.mark;
      if (verdict === null && regular === null) return at;
    }
    return -1;
  }

  /** Shows marks that were just given; the list keeps its order. */
  patch(marked: readonly Marked[]): void {
    const marks = new Map(marked.map(({ id, mark }) => [id, mark]));
    for (const [i, row] of this.#rows) {
      const mark = marks.get(row.best.id);
      if (mark) this.#rows.set(i, { ...row, best: { ...row.best, mark } });
    }
    this.onChange();
  }

  async #fetch(block: number): Promise<void> {
    try {
      this.#keep(await pageOf(this.of, this.asked, block * BLOCK, BLOCK));
      this.trouble = "";
    } catch (error) {
      // Asked for again when it comes into view again, or by hand.
      this.#blocks.delete(block);
      this.trouble = messageOf(error);
    }
    this.onChange();
  }

  #keep({ offset, page }: FindingPage): void {
    page.forEach((row, i) => this.#rows.set(offset + i, row));
  }
}
