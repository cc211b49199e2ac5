/** The columns of one clustering, each fetched once. */
export class Columns {
  readonly #known = new Map<string, Promise<unknown>>();

  /** @param query says which clustering, as its page's address does. */
  constructor(readonly query: string) {}

  /** Length nSamples, in plain units. */
  feature(index: number): Promise<Float64Array> {
    return this.#once(
      String(index),
      async (r) => new Float64Array(await r.arrayBuffer()),
    );
  }

  /** Length nSamples: the cluster of each. */
  labels(): Promise<Int32Array> {
    return this.#once(
      "labels",
      async (r) => new Int32Array(await r.arrayBuffer()),
    );
  }

  /** Length nSamples: 1 for a core sample of DBSCAN. */
  core(): Promise<Uint8Array> {
    return this.#once(
      "core",
      async (r) => new Uint8Array(await r.arrayBuffer()),
    );
  }

  /** Length nSamples, safe to show: the uid of each, or its addresses. */
  texts(name: "keys" | "src" | "dst"): Promise<string[]> {
    return this.#once(name, async (r) => (await r.text()).split("\n"));
  }

  #once<T>(column: string, read: (r: Response) => Promise<T>): Promise<T> {
    let column_ = this.#known.get(column) as Promise<T> | undefined;
    if (!column_) {
      column_ = this.#fetch(column).then(read);
      // A failure is not kept: the next try asks again.
      column_.catch(() => this.#known.delete(column));
      this.#known.set(column, column_);
    }
    return column_;
  }

  async #fetch(column: string): Promise<Response> {
    const response = await fetch(`/api/points?${this.query}&column=${column}`);
    if (response.ok) return response;
    const { error } = await response.json();
    throw new Error(error);
  }
}
