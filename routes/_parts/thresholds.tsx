import type { JobView } from "../../islands/_job_view.ts";
import JobLine from "../../islands/JobLine.tsx";
import { visible } from "../../islands/_visible.ts";
import {
  BANDS,
  type Bands,
  type DatasetSummary,
  type NumberParam,
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
  /** May hold values to show instead of the run's. */
  readonly url: URL;
  /** The job that counts what other values change; null without one. */
  readonly preview: JobView | null;
}

/**
 * What each detector goes by, to be changed for the next run. A run keeps the
 * values that it was given: here stand those of the last one.
 */
export function Thresholds({ datasets, run, url, preview }: Props) {
  const tables = SCORES.skerry.filter(({ params }) =>
    Object.keys(params).length > 0
  );
  const given = run?.report.values ?? {};
  const bands = run?.report.bands;
  const asked = (name: string) => url.searchParams.get(name);
  return (
    <section class="panel pad0" aria-labelledby="thresholds">
      <header>
        <h2 id="thresholds">Thresholds</h2>
        <span class="small soft">
          {Object.keys(given).length === 0 && !bands
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
              {Object.entries(BAND_PARAMS).map(([name, row]) => (
                <tr key={name}>
                  <td>severity</td>
                  <td class="mono">{name}</td>
                  <td data-k="value">
                    <Control
                      name={`bands.${name}`}
                      param={row}
                      value={asked(`bands.${name}`) ??
                        bands?.[name as keyof Bands] ?? row.default}
                    />
                  </td>
                  <td class="num" data-k="default">{row.default}</td>
                  <td class="nowrap">{rangeOf(row)}</td>
                  <td class="wrap">{row.doc}</td>
                </tr>
              ))}
              {tables.flatMap(({ name, params }) =>
                Object.entries(params as Params).map(([param, row]) => (
                  <tr key={`${name} ${param}`}>
                    <td>{name}</td>
                    <td class="mono">{param}</td>
                    <td data-k="value">
                      <Control
                        name={`${name}.${param}`}
                        param={row}
                        value={asked(`${name}.${param}`) ??
                          given[name]?.[param] ?? row.default}
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
              <button type="submit" formAction="/api/hunts/preview">
                Show what changes
              </button>
              <button type="submit">Hunt again with these</button>
              <button type="reset">As they were</button>
            </div>
            {preview === null ? null : (
              <div class="whole">
                <JobLine job={preview} />
              </div>
            )}
          </div>
        )}
      </form>
    </section>
  );
}

const BAND_PARAMS: Readonly<
  Record<keyof Bands, NumberParam>
> = {
  critical: band(BANDS.critical, "Scores above this are critical."),
  high: band(BANDS.high, "From this score on a finding is high."),
  medium: band(BANDS.medium, "From this score on a finding is medium."),
  low: band(
    BANDS.low,
    "From this score on a finding is low; below it is none.",
  ),
};

function band(value: number, doc: string): NumberParam {
  return { kind: "number", default: value, min: 0, max: 1, doc };
}

function Control(
  { name, param, value }: { name: string; param: Param; value: unknown },
) {
  const shared = {
    name,
    "aria-label": name.replace(/^bands/, "severity").replace(".", ": "),
  };
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
