import { useEffect, useState } from "preact/hooks";
import { cell } from "./_axis_scale.ts";
import type { ClusterMeta } from "./_cluster_meta.ts";
import type { Columns } from "./_columns.ts";
import { csvOf } from "./_csv.ts";
import { plural, zoneName } from "./_format.ts";
import { colourClass } from "./_palette.ts";
import { SessionLink } from "./_session_link.tsx";
import { VirtualRows } from "./_virtual_rows.tsx";

interface Props {
  readonly dataset: string;
  readonly meta: ClusterMeta;
  readonly columns: Columns;
  /** Rows that a box holds. */
  readonly rows: Uint32Array;
  readonly onClear: () => void;
}

/** Everything that the rows are described by, fetched once. */
interface Loaded {
  readonly labels: Int32Array;
  readonly keys: readonly string[];
  readonly src: readonly string[];
  readonly dst: readonly string[];
  readonly features: readonly Float64Array[];
}

/** The sessions in the box, as rows. */
export function Selection({ dataset, meta, columns, rows, onClear }: Props) {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  useEffect(() => {
    let current = true;
    load(columns, meta).then((value) => current && setLoaded(value));
    return () => {
      current = false;
    };
  }, [columns, meta]);
  return (
    <section class="panel pad0 w12" aria-label="Selected sessions">
      <header>
        <h2>
          <span role="status">
            {plural(rows.length, "session")} in the box
          </span>
        </h2>
        <button type="button" onClick={onClear}>
          Clear selection <kbd>Esc</kbd>
        </button>
        {loaded && rows.length > 0
          ? (
            <button
              type="button"
              onClick={() => download(meta, loaded, rows)}
            >
              CSV
            </button>
          )
          : null}
      </header>
      {loaded
        ? (
          <VirtualRows
            count={rows.length}
            rowHeight={26}
            label="Selected sessions"
            table="raw"
            columns={2 + featuresOf(meta).length}
            head={<Head meta={meta} />}
            row={(i) => (
              <Row
                key={i}
                dataset={dataset}
                meta={meta}
                loaded={loaded}
                row={rows[i]}
              />
            )}
          />
        )
        : <p class="note inset">Reading the sessions.</p>}
    </section>
  );
}

/** The features' names, without the axes of the plane. */
function featuresOf(meta: ClusterMeta): string[] {
  return meta.featureNames.filter((name) => !name.startsWith("PC "));
}

async function load(columns: Columns, meta: ClusterMeta): Promise<Loaded> {
  const at = featuresOf(meta).map((name) => meta.featureNames.indexOf(name));
  const [labels, keys, src, dst, features] = await Promise.all([
    columns.labels(),
    columns.texts("keys"),
    columns.texts("src"),
    columns.texts("dst"),
    Promise.all(at.map((index) => columns.feature(index))),
  ]);
  return { labels, keys, src, dst, features };
}

function Head({ meta }: { meta: ClusterMeta }) {
  return (
    <tr>
      <th scope="col">Cluster</th>
      <th scope="col">uid</th>
      {featuresOf(meta).map((name) => (
        <th
          key={name}
          scope="col"
          class={name === "src" || name === "dst" ? undefined : "num"}
        >
          {name === "ts" ? `ts (${zoneName()})` : name}
        </th>
      ))}
    </tr>
  );
}

function Row(
  { dataset, meta, loaded, row }: {
    dataset: string;
    meta: ClusterMeta;
    loaded: Loaded;
    row: number;
  },
) {
  const k = loaded.labels[row];
  return (
    <tr>
      <td class="nowrap">
        {k < 0 ? "noise" : (
          <>
            <i class={`key ${colourClass(k)}`} aria-hidden="true" /> {k + 1}
          </>
        )}
      </td>
      <td>
        <SessionLink dataset={dataset} uid={loaded.keys[row]} />
      </td>
      {featuresOf(meta).map((name, j) =>
        name === "src" || name === "dst"
          ? <td key={name}>{loaded[name][row]}</td>
          : (
            <td key={name} class="num">
              {cell(
                loaded.features[j][row],
                name,
                Number.isInteger(loaded.features[j][row]) ? 0 : 3,
              )}
            </td>
          )
      )}
    </tr>
  );
}

function download(
  meta: ClusterMeta,
  { labels, keys, src, dst, features }: Loaded,
  rows: Uint32Array,
): void {
  const names = featuresOf(meta);
  const text = csvOf(
    ["cluster", "uid", ...names],
    Array.from(rows, (row) => [
      labels[row] < 0 ? "noise" : String(labels[row] + 1),
      keys[row],
      ...names.map((name, j) =>
        name === "src"
          ? src[row]
          : name === "dst"
          ? dst[row]
          : String(features[j][row])
      ),
    ]),
  );
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = "sessions.csv";
  link.click();
  URL.revokeObjectURL(link.href);
}
