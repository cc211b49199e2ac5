/** The columns of one dataset's clustering, each fetched once. */
export class Columns {
  readonly #known = new Map<string, Promise<unknown>>();

  constructor(readonly dataset: string) {}

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

  /** Length nSamples: the uid of each, safe to show. */
  keys(): Promise<string[]> {
    return this.#once("keys", async (r) => (await r.text()).split("\n"));
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
    const query = new URLSearchParams({ dataset: this.dataset, column });
    const response = await fetch(`/api/points?${query}`);
    if (response.ok) return response;
    const { error } = await response.json();
    throw new Error(error);
  }
}
