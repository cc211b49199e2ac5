import {
  areUsual,
  BANDS,
  type Bands,
  bandsOf,
  type Dataset,
  type HuntOptions,
  parseBenign,
  parseDuration,
  parseNetworks,
  type RunSummary,
  type SessionStore,
  thresholdParams,
  thresholdsOf,
} from "../pipeline/mod.ts";
import { typedTime } from "./_clock.ts";
import type { Body } from "./_body.ts";
import { HttpError } from "./_page.ts";
import { understood } from "./_retention.ts";

/** What a hunt is told of a dataset until somebody tells it otherwise. */
export type Told = Pick<HuntOptions, "values" | "bands" | "benignFile">;

/** What a run was told; the next one of the pages goes on with it. */
export function toldOf(report: RunSummary["report"] | undefined): Told {
  const { values, bands, benignFile } = report ?? {};
  return {
    ...(values ? { values } : {}),
    ...(bands ? { bands } : {}),
    ...(benignFile?.edits
      ? {
        benignFile: {
          path: benignFile.path,
          edits: parseBenign(benignFile.edits, benignFile.path),
        },
      }
      : {}),
  };
}

/** The same of a dataset's last run. */
export async function toldBefore(
  store: SessionStore,
  dataset: Dataset,
): Promise<Told> {
  return toldOf((await store.lastRun(dataset))?.report);
}

/**
 * What a form asks of a hunt. Thresholds, bands and benign classes that it has
 * no field of are those of the run before.
 *
 * @throws HttpError 400 for a field that cannot be read.
 */
export function huntOptions(body: Body, before: Told): HuntOptions {
  const read = <T>(name: string, parse: (text: string) => T) =>
    body.text(name) === "" ? undefined : understood(parse, body.text(name));
  const score = body.text("score") || undefined;
  if (score !== undefined && score !== "skerry" && score !== "rita") {
    throw new HttpError(
      400,
      `Cannot hunt: score must be skerry or rita, got ${JSON.stringify(score)}`,
    );
  }
  const values = valuesOf(body), bands = fieldBands(body);
  return {
    ...(body.text("benign") === "shipped"
      ? {}
      : { benignFile: before.benignFile }),
    internal: read(
      "internal",
      (text) => parseNetworks(text.replace(/\s+/g, "")),
    ),
    last: read("last", parseDuration),
    from: read("from", (text) => typedTime(text, body.text("tz"))),
    to: read("to", (text) => typedTime(text, body.text("tz"))),
    score,
    values: values === null ? before.values : values,
    bands: bands === null ? before.bands : bands,
  };
}

/** The fields that are there, by their name without the prefix. */
function fieldsOf(
  body: Body,
  names: readonly string[],
  prefix = "",
): [string, string][] {
  return names.map((name): [string, string] => [name, body.text(prefix + name)])
    .filter(([, text]) => text !== "");
}

/** Null where the form is not about thresholds; undefined for the defaults. */
function valuesOf(body: Body): HuntOptions["values"] | null {
  const given = fieldsOf(body, Object.keys(thresholdParams()));
  if (given.length === 0) return null;
  const values = understood(() => thresholdsOf(given), "");
  return Object.keys(values).length > 0 ? values : undefined;
}

/** Null where the form has none; undefined for RITA's. */
function fieldBands(body: Body): Bands | null | undefined {
  const given = fieldsOf(body, Object.keys(BANDS), "bands.");
  if (given.length === 0) return null;
  const bands = understood(() => bandsOf(given), "");
  return areUsual(bands) ? undefined : bands;
}
