import { cell } from "./_axis_scale.ts";
import type { ClusterMeta } from "./_cluster_meta.ts";
import { number, percent, zoneName } from "./_format.ts";
import { colourClass } from "./_palette.ts";
import { SessionLink } from "./_session_link.tsx";

/** Sessions in each cluster; the least populated are the ones to look at. */
export function SizeTable({ meta }: { meta: ClusterMeta }) {
  const named = meta.mostly.length > 0;
  return (
    <section class="panel" aria-label="Clusters">
      <header>
        <h2>Clusters</h2>
        <span class="small soft">largest first</span>
      </header>
      <dl class="kv">
        {meta.facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="num">{value}</dd>
          </div>
        ))}
      </dl>
      <div class="scroll sizes" tabIndex={0} role="region" aria-label="Sizes">
        <table class="legend">
          <thead>
            <tr>
              <th scope="col">No.</th>
              <th scope="col" class="num">Sessions</th>
              <th scope="col" class="num">Share</th>
              {named ? <th scope="col">Mostly</th> : null}
            </tr>
          </thead>
          <tbody>
            {meta.sizes.map((size, k) => (
              <SizeRow key={k} meta={meta} k={k} size={size} />
            ))}
            {meta.algorithm === "dbscan"
              ? (
                <tr>
                  <th scope="row">noise</th>
                  <td class="num">{number(meta.noise)}</td>
                  <td class="num">{percent(meta.noise / meta.nSamples)}</td>
                  {named ? <td /> : null}
                </tr>
              )
              : null}
          </tbody>
        </table>
      </div>
      <p class="note">{outlierSentence(meta)}</p>
      <p class="note">{meta.about}</p>
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
      <th scope="row" class="nowrap" title={`label ${meta.originals[k]}`}>
        <i class={key} aria-hidden="true" /> {k + 1}
        {outlier ? <span class="tag strong">outlier</span> : null}
      </th>
      <td class="num">{number(size)}</td>
      <td class="num">{percent(size / meta.nSamples)}</td>
      {meta.mostly.length > 0 ? <td class="mono">{meta.mostly[k]}</td> : null}
    </tr>
  );
}

function outlierSentence(meta: ClusterMeta): string {
  if (meta.algorithm === "dbscan") {
    return "Noise belongs to no cluster: sessions like no other.";
  }
  const n = meta.outlierClusters.reduce((sum, k) => sum + meta.sizes[k], 0);
  return `The least populated clusters count as outliers: together ` +
    `${number(n)} sessions, ${percent(n / meta.nSamples)}.`;
}

/** The outliers by name: what the rings of the plot say, in words. */
export function OutlierTable(
  { dataset, meta }: { dataset: string; meta: ClusterMeta },
) {
  const n = meta.algorithm === "dbscan"
    ? meta.noise
    : meta.outlierClusters.reduce((sum, k) => sum + meta.sizes[k], 0);
  const digits = meta.featureNames.map((_, j) =>
    meta.outliers.every(({ values }) => Number.isInteger(values[j])) ? 0 : 3
  );
  return (
    <section class="panel pad0 w12">
      <header>
        <h2>Outlier sessions</h2>
        <span class="small soft">
          {meta.outliers.length < n ? `first ${meta.outliers.length} of ` : ""}
          {number(n)}
          {meta.algorithm === "kmeans"
            ? " · smallest cluster first"
            : " · noise"}
        </span>
      </header>
      <div
        class="scroll"
        tabIndex={0}
        role="region"
        aria-label="Outlier sessions"
      >
        <table class="raw blocks">
          <thead>
            <tr>
              <th scope="col">Cluster</th>
              <th scope="col">uid</th>
              {meta.featureNames.map((name) => (
                <th
                  key={name}
                  scope="col"
                  class={name === "src" || name === "dst" ? undefined : "num"}
                >
                  {name === "ts" ? `ts (${zoneName()})` : name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {meta.outliers.map((session, i) => (
              <tr key={i}>
                <td data-k="cluster">
                  {session.cluster < 0 ? "noise" : (
                    <>
                      <i
                        class={`key ${colourClass(session.cluster)} ringed`}
                        aria-hidden="true"
                      />{" "}
                      {session.cluster + 1}
                    </>
                  )}
                </td>
                <td data-k="uid">
                  <SessionLink dataset={dataset} uid={session.uid} />
                </td>
                {session.values.map((value, j) => {
                  const name = meta.featureNames[j];
                  return name === "src" || name === "dst"
                    ? <td key={j} data-k={name}>{session[name]}</td>
                    : (
                      <td key={j} data-k={name} class="num">
                        {cell(value, name, digits[j])}
                      </td>
                    );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
