/** A file that pages of columns are put into. */
export interface SpillFile {
  /** Puts bytes somewhere new, or where as many lie already; says where. */
  write(bytes: Uint8Array, place?: number): number;
  /** Fills `bytes` with what lies at `place`. */
  read(bytes: Uint8Array, place: number): void;
}

/** A column with pages in memory. */
export interface PageOwner {
  /** Puts a page on disk and lets go of its memory. */
  evict(page: number): void;
}

/** A page that is in memory. */
export interface Held {
  readonly owner: PageOwner;
  readonly page: number;
  readonly bytes: number;
  live: boolean;
}

/**
 * Holds pages of columns up to a limit; beyond it those that were held longest
 * go to disk. Columns are gone through from their first row to their last, so
 * that what was held longest is needed last.
 */
export class Pager {
  /** Bytes of the pages in memory, and the most there may be. */
  #held = 0;
  readonly limit: number;
  #written = 0;
  readonly #open: () => SpillFile;
  #file: SpillFile | null = null;
  /** Oldest first, from #first on; those that are not live are passed over. */
  #queue: Held[] = [];
  #first = 0;

  /** @param open is called once, when the limit is first met. */
  constructor(limit: number, open: () => SpillFile) {
    this.limit = limit;
    this.#open = open;
  }

  get file(): SpillFile {
    return this.#file ??= this.#open();
  }

  /** Pages that were put on disk so far. */
  get written(): number {
    return this.#written;
  }

  /** Makes room for a page and counts it. */
  hold(owner: PageOwner, page: number, bytes: number): Held {
    while (
      this.#held + bytes > this.limit && this.#first < this.#queue.length
    ) {
      const oldest = this.#queue[this.#first++];
      if (!oldest.live) continue;
      this.drop(oldest);
      oldest.owner.evict(oldest.page);
      this.#written++;
    }
    // Half of the queue is behind its head: the rest moves up.
    if (2 * this.#first > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#first);
      this.#first = 0;
    }
    const held = { owner, page, bytes, live: true };
    this.#queue.push(held);
    this.#held += bytes;
    return held;
  }

  /** A page is gone from memory. */
  drop(held: Held): void {
    if (!held.live) return;
    held.live = false;
    this.#held -= held.bytes;
  }
}
