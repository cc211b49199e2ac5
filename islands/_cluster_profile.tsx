import { useState } from "preact/hooks";
import type { ClusterMeta } from "./_cluster_meta.ts";
import { fixed } from "./_format.ts";

/** Half the width of a bar's track, in pixels. */
const HALF = 44;

/** Scaled units that fill half a track. */
const FULL = 3;

/** In what a cluster differs from the rest: its means in scaled units. */
export function Profile({ meta }: { meta: ClusterMeta }) {
  const last = meta.outlierClusters.at(-1) ?? 0;
  const [k, setK] = useState(last);
  const means = meta.profile[k];
  if (!means) return null;
  return (
    <section class="panel" aria-label="Profile of a cluster">
      <header>
        <h2>What sets it apart</h2>
      </header>
      <div class="field">
        <label for="profile-of">Cluster</label>
        <select
          id="profile-of"
          value={k}
          onChange={(event) => setK(Number(event.currentTarget.value))}
        >
          {meta.sizes.map((_, each) => (
            <option key={each} value={each} selected={each === k}>
              {each + 1}
              {meta.mostly[each] ? `, mostly ${meta.mostly[each]}` : ""}
            </option>
          ))}
        </select>
      </div>
      <table class="legend">
        <thead>
          <tr>
            <th scope="col">Feature</th>
            <th scope="col" class="num">Mean, scaled</th>
            <th scope="col">
              <span class="sr">Bar</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {meta.used.map((name, j) => (
            <tr key={name}>
              <th scope="row" class="mono">{name}</th>
              <td class="num">{fixed(means[j], 2)}</td>
              <td>
                <Bar value={means[j]} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="note">
        0 is what the scaler calls usual over all sessions; bars end at ±{" "}
        {FULL}.
      </p>
    </section>
  );
}

function Bar({ value }: { value: number }) {
  const length = Math.min(1, Math.abs(value) / FULL) * HALF;
  return (
    <svg width={2 * HALF} height="12" class="bar2" aria-hidden="true">
      <rect
        class={Math.abs(value) >= 1 ? "far" : "near"}
        x={value < 0 ? HALF - length : HALF}
        y="2"
        width={length}
        height="8"
      />
      <path class="zero" d={`M${HALF} 0v12`} />
    </svg>
  );
}
