import type { StoredModel } from "../store/session_store.ts";
import { time } from "../wording.ts";
import { csv } from "./csv.ts";
import { labelled, styled, type Terminal } from "./terminal.ts";
import { visible } from "./visible.ts";

type Entry = Omit<StoredModel, "model">;

/** The models of a store, a line each. */
export function modelsText(
  models: readonly Entry[],
  terminal: Terminal,
  timeZone: string,
): string {
  if (models.length === 0) {
    return "\n  The store keeps no model. Keep one with   skerry kmeans DATASET --save-model @NAME\n";
  }
  return [
    "",
    styled(
      terminal,
      "dim",
      `  ${"kept".padEnd(19)}  kind    name, learned from`,
    ),
    ...models.map(({ name, kind, createdAt, dataset }) => {
      const from = dataset === null ? "" : `, ${dataset}`;
      return visible(
        `  ${time(createdAt, timeZone).padEnd(19)}  ${
          kind.padEnd(6)
        }  ${name}${from}`,
      );
    }),
    "",
  ].join("\n");
}

export function modelsCsv(models: readonly Entry[]): string {
  const columns = ["id", "name", "kind", "createdAt", "dataset"] as const;
  return csv(
    columns,
    models.map((model) => columns.map((column) => model[column])),
  );
}

/**
 * A kept model: what it is made of and how well it fits. Numbers that only a
 * program reads (scaler, weights) are left to JSON.
 *
 * @param described parameters, features and metrics, as describeModel gives them.
 */
export function modelText(
  { name, kind, createdAt, dataset }: Entry,
  described: Readonly<Record<string, unknown>>,
  terminal: Terminal,
  timeZone: string,
): string {
  const { set, names } = described.features as {
    set: string;
    names: readonly string[];
  };
  const line = (label: string, text: string) =>
    labelled(terminal, label, visible(text), 16);
  return [
    "",
    "  " + styled(terminal, "bold", visible(`@${name}`)) + ` · ${kind}`,
    "",
    line("kept", `${time(createdAt, timeZone)} ${timeZone}`),
    line("learned from", dataset ?? "not known"),
    line("features", `${set} (${names.join(", ")})`),
    line("parameters", pairsText(described.parameters)),
    line("metrics", pairsText(described.metrics) || "none were kept"),
    "",
  ].join("\n");
}

function pairsText(values: unknown): string {
  return Object.entries(values ?? {}).map(([name, value]) =>
    `${name} ${valueText(value)}`
  ).join(", ");
}

function valueText(value: unknown): string {
  if (typeof value === "number" && !Number.isInteger(value)) {
    return value.toPrecision(6);
  }
  // Curves and the like are for JSON.
  if (Array.isArray(value) && value.length > 16) {
    return `[${value.length} values]`;
  }
  if (Array.isArray(value)) return `[${value.map(valueText).join(" ")}]`;
  return typeof value === "object" && value !== null
    ? `(${pairsText(value)})`
    : String(value);
}
