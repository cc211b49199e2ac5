import { visible } from "../../islands/_visible.ts";
import {
  type DatasetSummary,
  type Param,
  type Params,
  rangeOf,
  type RunSummary,
  SCORES,
} from "../../pipeline/mod.ts";
import { DatasetField } from "./hunt_panel.tsx";

interface Props {
  readonly datasets: readonly DatasetSummary[];
  readonly run: RunSummary | null;
}

/**
 * What each detector goes by, to be changed for the next run. A run keeps the
 * values that it was given: here stand those of the last one.
 */
export function Thresholds({ datasets, run }: Props) {
  const tables = SCORES.skerry.filter(({ params }) =>
    Object.keys(params).length > 0
  );
  const given = run?.report.values ?? {};
  return (
    <section class="panel pad0" aria-labelledby="thresholds">
      <header>
        <h2 id="thresholds">Thresholds</h2>
        <span class="small soft">
          {Object.keys(given).length === 0
            ? "as this version has them"
            : "as the last run had them"}
        </span>
      </header>
      <form action="/api/hunts" method="post">
        <div
          class="scroll"
          tabIndex={0}
          role="region"
          aria-label="Thresholds by detector"
        >
          <table class="blocks">
            <thead>
              <tr>
                <th scope="col">Detector</th>
                <th scope="col">Parameter</th>
                <th scope="col">Value</th>
                <th scope="col" class="num">Default</th>
                <th scope="col">Range</th>
                <th scope="col">Meaning</th>
              </tr>
            </thead>
            <tbody>
              {tables.flatMap(({ name, params }) =>
                Object.entries(params as Params).map(([param, row]) => (
                  <tr key={`${name} ${param}`}>
                    <td>{name}</td>
                    <td class="mono">{param}</td>
                    <td data-k="value">
                      <Control
                        name={`${name}.${param}`}
                        param={row}
                        value={given[name]?.[param] ?? row.default}
                      />
                    </td>
                    <td class="num" data-k="default">{String(row.default)}</td>
                    <td class="nowrap">
                      {row.kind === "integer" || row.kind === "number"
                        ? rangeOf(row)
                        : ""}
                    </td>
                    <td class="wrap">{row.doc}</td>
                  </tr>
                ))
              )}
            </tbody>
          </table>
        </div>
        {datasets.length === 0 ? null : (
          <div class="fields inset">
            <DatasetField id="thresholded" datasets={datasets} run={run} />
            <div class="whole row">
              <button type="submit">Hunt again with these</button>
              <button type="reset">As they were</button>
            </div>
          </div>
        )}
      </form>
    </section>
  );
}

function Control(
  { name, param, value }: { name: string; param: Param; value: unknown },
) {
  const shared = { name, "aria-label": name.replace(".", ": ") };
  const text = visible(String(value));
  if (param.kind === "choice" || param.kind === "boolean") {
    const values = param.kind === "choice" ? param.values : ["true", "false"];
    return (
      <select {...shared}>
        {values.map((one) => (
          <option key={one} selected={one === text}>{one}</option>
        ))}
      </select>
    );
  }
  const range = param.kind === "integer" || param.kind === "number"
    ? {
      type: "number" as const,
      min: param.min,
      max: param.max,
      step: param.kind === "integer" ? 1 : "any",
    }
    : { type: "text" as const };
  return <input {...shared} {...range} class="value" value={text} required />;
}
