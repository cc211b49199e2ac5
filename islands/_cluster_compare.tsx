import { useEffect, useState } from "preact/hooks";
import type { Comparison, KnownFit } from "./_cluster_meta.ts";
import { fixed, number } from "./_format.ts";
import { load, messageOf } from "./_request.ts";

interface Props {
  readonly dataset: string;
  /** Address of the clustering that is shown. */
  readonly query: string;
  readonly known: readonly KnownFit[];
}

/** Most clusters of one side that a table has room for. */
const ROOM = 12;

/** How far two clusterings of the same sessions agree. */
export function Compare({ dataset, query, known }: Props) {
  const others = known.filter((fit) => fit.query !== query);
  const [other, setOther] = useState("");
  const [answer, setAnswer] = useState<Comparison | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    setAnswer(null);
    setError(null);
    if (other === "") return;
    const asked = new URLSearchParams({ dataset, with: other });
    load<Comparison>(`/api/clusters/compare?${asked}&${query}`)
      .then(setAnswer, (e) => setError(messageOf(e)));
  }, [other, query]);
  return (
    <section class="panel" aria-label="Compare">
      <header>
        <h2>Compare</h2>
      </header>
      {others.length === 0
        ? (
          <p class="note">
            Compute or load another clustering of this dataset; then the two can
            be compared here.
          </p>
        )
        : (
          <div class="field">
            <label for="compare-with">with</label>
            <select
              id="compare-with"
              value={other}
              onChange={(event) => setOther(event.currentTarget.value)}
            >
              <option value="">choose…</option>
              {others.map((fit) => (
                <option key={fit.query} value={fit.query}>{fit.title}</option>
              ))}
            </select>
          </div>
        )}
      {error === null ? null : <p role="alert" class="what">{error}</p>}
      {answer === null ? null : <Answer comparison={answer} />}
    </section>
  );
}

function Answer({ comparison }: { comparison: Comparison }) {
  const { rows, columns, counts } = comparison;
  const shownRows = rows.slice(0, ROOM), shownColumns = columns.slice(0, ROOM);
  return (
    <>
      <p>
        Adjusted Rand index{" "}
        <b class="num">{fixed(comparison.adjustedRand, 3)}</b>
        <span class="soft">: 1 the same clusters, 0 chance.</span>
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label="Overlap">
        <table class="legend overlap">
          <caption class="sr">
            Sessions in each cluster of this clustering (rows) and of the other
            (columns)
          </caption>
          <thead>
            <tr>
              <th scope="col">here \ there</th>
              {shownColumns.map((label) => (
                <th key={label} scope="col" class="num">{nameOf(label)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shownRows.map((label, i) => (
              <tr key={label}>
                <th scope="row">{nameOf(label)}</th>
                {shownColumns.map((column, j) => (
                  <td key={column} class={counts[i][j] ? "num" : "num soft"}>
                    {number(counts[i][j])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > ROOM || columns.length > ROOM
        ? (
          <p class="note">
            The first {ROOM} of {rows.length} and {columns.length} are shown.
          </p>
        )
        : null}
    </>
  );
}

function nameOf(label: number): string {
  return label < 0 ? "noise" : String(label + 1);
}
