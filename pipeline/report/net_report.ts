import type {
  Hit,
  PartCounts,
  Prediction,
  Scores,
  Training,
} from "../classify.ts";
import type { Records } from "../records.ts";
import { count, plural } from "../wording.ts";
import type { ListingOptions } from "./cluster_report.ts";
import { recordLine } from "./listing.ts";
import { styled } from "./terminal.ts";

/** The document of `mlp train --json`. */
export function trainingJson(
  training: Training,
  records: Records,
): Record<string, unknown> {
  const { net, scores, hits, judged: _, ...rest } = training;
  return {
    analysis: "mlp train",
    features: net.featureSet,
    featureNames: net.model.featureNames,
    params: net.model.params,
    ...rest,
    skipped: records.skipped,
    loss: net.model.loss,
    nIter: net.model.nIter,
    converged: net.model.converged,
    scores,
    beacons: hits.map((hit) => hitJson(hit, records)),
  };
}

/** The document of `mlp predict --json`. */
export function predictionJson(
  prediction: Prediction,
  records: Records,
): Record<string, unknown> {
  const { hits, judged: _, ...rest } = prediction;
  return {
    analysis: "mlp predict",
    ...rest,
    skipped: records.skipped,
    beacons: hits.map((hit) => hitJson(hit, records)),
  };
}

function hitJson({ row, probability }: Hit, records: Records) {
  return { row, probability, record: records.row(row) };
}

/** How the net was trained, how well it does, and what it calls beacons. */
export function trainingText(
  training: Training,
  records: Records,
  options: ListingOptions,
): string {
  const { net, train, test } = training;
  const { model } = net;
  return [
    "",
    styled(options.terminal, "bold", "  MLP") +
    ` on features ${net.featureSet} (${
      model.featureNames.join(", ")
    }), hidden layers ${model.params.hiddenLayerSizes.join(" and ")}`,
    `  split ${training.split}, labels from ${labelText(training)}`,
    `    train  ${partText(train)}`,
    `    test   ${partText(test)}`,
    ...warnings(training),
    `  loss ${model.loss.toPrecision(6)} after ${
      plural(model.nIter, "iteration")
    }${model.converged ? "" : ", not converged: raise --max-iter"}`,
    "",
    ...scoreLines(training.scores, "on the test part"),
    "",
    ...hitLines(training.hits, records, options),
    "",
  ].join("\n");
}

export function predictionText(
  prediction: Prediction,
  records: Records,
  options: ListingOptions,
): string {
  return [
    "",
    styled(options.terminal, "bold", "  MLP") +
    ` on ${plural(prediction.rows, "record")}`,
    ...(prediction.labelColumn === null ? [] : scoreLines(
      prediction.scores,
      `against column ${prediction.labelColumn}`,
    )),
    "",
    ...hitLines(prediction.hits, records, options),
    "",
  ].join("\n");
}

function labelText({ labelColumn, analystRows }: Training): string {
  return [
    ...(labelColumn === null ? [] : [`column ${labelColumn}`]),
    ...(analystRows > 0
      ? [`what was marked as regular or not (${plural(analystRows, "row")})`]
      : []),
  ].join(" and ");
}

function partText({ rows, pairs, beacons }: PartCounts): string {
  return `${plural(rows, "row")}, ${plural(pairs, "pair")}, ${
    count(beacons)
  } of them beacon rows`;
}

function warnings({ sharedPairs, unlabelled }: Training): string[] {
  const out: string[] = [];
  if (sharedPairs > 0) {
    out.push(
      `  Careful: ${
        plural(sharedPairs, "pair has", "pairs have")
      } rows on both sides, and rows of one pair are near copies.`,
      "  The figures below flatter the net; --train 0.8 splits by pair.",
    );
  }
  if (unlabelled > 0) {
    out.push(`  ${plural(unlabelled, "row")} without a label left out`);
  }
  return out;
}

function scoreLines(scores: Scores | null, where: string): string[] {
  if (!scores) {
    return [`  No labelled rows ${where}: nothing to judge the net by.`];
  }
  const { truePositives, falsePositives, trueNegatives, falseNegatives } =
    scores.confusion;
  const share = (value: number) => value.toFixed(3);
  return [
    `  ${where}: precision ${share(scores.precision)}, recall ${
      share(scores.recall)
    }, accuracy ${share(scores.accuracy)}, F1 ${
      share(scores.f1)
    }, average precision ${share(scores.averagePrecision)}`,
    `  ${count(truePositives)} beacons found, ${
      count(falseNegatives)
    } missed; ${count(falsePositives)} false alarms, ${
      count(trueNegatives)
    } rightly passed over`,
  ];
}

function hitLines(
  hits: readonly Hit[],
  records: Records,
  { timeZone, limit }: ListingOptions,
): string[] {
  const shown = hits.slice(0, limit).map(({ row, probability }) =>
    `  ${probability.toFixed(3)}  ${recordLine(records.row(row), timeZone)}`
  );
  const more = hits.length > limit
    ? [
      `  … ${
        count(hits.length - limit)
      } more: --limit N, --csv FILE or --json FILE`,
    ]
    : [];
  return [
    `  ${plural(hits.length, "session")} called beacons`,
    ...shown,
    ...more,
  ];
}
