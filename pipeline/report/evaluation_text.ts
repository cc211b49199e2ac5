import type { Evaluation, RunEvaluation, TruthResult } from "../evaluate.ts";
import { plural } from "../wording.ts";
import { labelled, rule, type Terminal } from "./terminal.ts";
import { visible } from "./visible.ts";

/** How good a run is: a line per row of the truth, then the figures. */
export function evaluationText(
  { overall, byDetector }: RunEvaluation,
  terminal: Terminal,
): string {
  return [
    "",
    `  ${"rank".padStart(5)} ${"score".padStart(5)}  what, who, to whom`,
    rule(terminal),
    ...overall.rows.map(rowText),
    rule(terminal),
    labelled(terminal, "overall", figures(overall), 16),
    ...Object.entries(byDetector).map(([name, evaluation]) =>
      labelled(terminal, name, figures(evaluation), 16)
    ),
    "",
  ].join("\n");
}

function rowText({ truth, role, judged, rank, score, alarm }: TruthResult) {
  const to = truth.name === "-" ? truth.dst : truth.name;
  const told = `${truth.label}  ${truth.src} → ${to}:${truth.port}`;
  const marks = [
    judged ? null : "not judged",
    role === "neutral" ? "neither way" : null,
    role === "benign" && alarm ? "FALSE ALARM" : null,
  ].filter((mark) => mark !== null);
  return `  ${String(rank ?? "–").padStart(5)} ${
    (score?.toFixed(2) ?? "–").padStart(5)
  }  ${visible(told)}${marks.length > 0 ? ` (${marks.join(", ")})` : ""}`;
}

function figures(evaluation: Evaluation): string {
  const at = Object.entries(evaluation.precisionAt)
    .map(([k, p]) => `${p?.toFixed(2) ?? "–"} at ${k}`).join(", ");
  return `average precision ${
    evaluation.averagePrecision?.toFixed(3) ?? "–"
  }; precision ${at}; ${plural(evaluation.falseAlarms, "false alarm")} in ${
    plural(evaluation.ranked, "finding")
  }, ${evaluation.benignAlarms} of ${
    plural(evaluation.benign, "benign pair")
  } at high`;
}
