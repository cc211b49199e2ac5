import { zoneName } from "../../islands/_format.ts";
import { cut, visible } from "../../islands/_visible.ts";
import type { DatasetSummary, RunSummary } from "../../pipeline/mod.ts";
import { Panel } from "./panel.tsx";

interface Props {
  readonly datasets: readonly DatasetSummary[];
  readonly run: RunSummary | null;
}

/** Networks and times are of a run: they stand in its report. */
export function HuntPanel({ datasets, run }: Props) {
  const networks = run?.report.internalNetworks;
  return (
    <Panel id="networks" title="Internal networks" wide={false}>
      <p>
        {networks
          ? (
            <>
              The last run took{" "}
              <span class="mono">
                {networks.networks.map(visible).join(", ") || "none"}
              </span>
              : {visible(networks.foundBy)}.
            </>
          )
          : "They are found from the traffic when something is hunted."}
      </p>
      {datasets.length === 0
        ? null
        : (
          <form class="fields" action="/api/hunts" method="post">
            <DatasetField id="hunted" datasets={datasets} run={run} />
            <label for="internal">Networks</label>
            <input
              id="internal"
              name="internal"
              class="mono"
              placeholder="10.0.0.0/8, 2001:db8::/32"
            />
            <label for="last">Only the last</label>
            <input id="last" name="last" placeholder="24h" />
            <label for="hunt-from">From ({zoneName()})</label>
            <input id="hunt-from" name="from" placeholder="2024-04-19T12:00" />
            <label for="hunt-to">Until ({zoneName()})</label>
            <input id="hunt-to" name="to" placeholder="2024-04-20" />
            <input type="hidden" name="tz" value={zoneName()} />
            <label for="score">Score</label>
            <select id="score" name="score">
              <option value="skerry">Skerry's</option>
              <option value="rita">RITA v5's</option>
            </select>
            <div class="whole">
              <button type="submit">Hunt again with these</button>
            </div>
          </form>
        )}
    </Panel>
  );
}

/** Which dataset, that of the last run at first. */
export function DatasetField({ id, datasets, run }: Props & { id: string }) {
  return (
    <>
      <label for={id}>Dataset</label>
      <select id={id} name="dataset">
        {datasets.map(({ name }) => (
          <option key={name} value={name} selected={name === run?.dataset}>
            {cut(visible(name), 80)}
          </option>
        ))}
      </select>
    </>
  );
}
