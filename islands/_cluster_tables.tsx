import { cell } from "./_axis_scale.ts";
import type { ClusterMeta } from "./_cluster_meta.ts";
import { number, percent } from "./_format.ts";
import { colourClass } from "./_palette.ts";

/** Sessions in each cluster; the least populated are the ones to look at. */
export function SizeTable({ meta }: { meta: ClusterMeta }) {
  const named = meta.mostly.length > 0;
  return (
    <section class="panel w4">
      <header>
        <h2>Clusters</h2>
        <span class="small soft">largest first</span>
      </header>
      <table class="legend">
        <thead>
          <tr>
            <th scope="col">No.</th>
            <th scope="col" class="num">Sessions</th>
            <th scope="col" class="num">Share</th>
            {named ? <th scope="col">Mostly</th> : null}
            <th scope="col">
              <span class="sr">Outlier</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {meta.sizes.map((size, k) => (
            <SizeRow key={k} meta={meta} k={k} size={size} />
          ))}
        </tbody>
      </table>
      <p class="note">{outlierSentence(meta)}</p>
    </section>
  );
}

function SizeRow(
  { meta, k, size }: { meta: ClusterMeta; k: number; size: number },
) {
  const outlier = meta.outlierClusters.includes(k);
  const key = `key ${colourClass(k)}${outlier ? " ringed" : ""}`;
  return (
    <tr>
      <th scope="row" class="nowrap">
        <i class={key} aria-hidden="true" /> {k + 1}
      </th>
      <td class="num">{number(size)}</td>
      <td class="num">{percent(size / meta.nSamples)}</td>
      {meta.mostly.length > 0 ? <td class="mono">{meta.mostly[k]}</td> : null}
      <td>{outlier ? <span class="tag strong">outlier</span> : null}</td>
    </tr>
  );
}

function outlierSentence(meta: ClusterMeta): string {
  const n = meta.outlierClusters.reduce((sum, k) => sum + meta.sizes[k], 0);
  return `The least populated clusters count as outliers: together ` +
    `${number(n)} sessions, ${percent(n / meta.nSamples)}.`;
}

/** The outliers by name: what the rings of the plot say, in words. */
export function OutlierTable({ meta }: { meta: ClusterMeta }) {
  const n = meta.outlierClusters.reduce((sum, k) => sum + meta.sizes[k], 0);
  const digits = meta.featureNames.map((_, j) =>
    meta.outliers.every(({ values }) => Number.isInteger(values[j])) ? 0 : 3
  );
  return (
    <section class="panel pad0 w12">
      <header>
        <h2>Outlier sessions</h2>
        <span class="small soft">
          {meta.outliers.length < n ? `first ${meta.outliers.length} of ` : ""}
          {number(n)} · smallest cluster first
        </span>
      </header>
      <div
        class="scroll"
        tabIndex={0}
        role="region"
        aria-label="Outlier sessions"
      >
        <table class="raw">
          <thead>
            <tr>
              <th scope="col">Cluster</th>
              <th scope="col">uid</th>
              {meta.featureNames.map((name) => (
                <th key={name} scope="col" class="num">
                  {name === "ts" ? "ts (UTC)" : name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {meta.outliers.map((session, i) => (
              <tr key={i}>
                <td>
                  <i
                    class={`key ${colourClass(session.cluster)} ringed`}
                    aria-hidden="true"
                  />{" "}
                  {session.cluster + 1}
                </td>
                <td>{session.uid}</td>
                {session.values.map((value, j) => (
                  <td key={j} class="num">
                    {cell(value, meta.featureNames[j], digits[j])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
