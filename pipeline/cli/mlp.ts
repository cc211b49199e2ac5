import {
  analystAnswers,
  featureSet,
  LABEL_COLUMNS,
  MLP_PARAMS,
  netMetrics,
  paramFlags,
  predictionJson,
  predictionText,
  predictWith,
  recordsCsv,
  SCALING_PARAMS,
  SPLIT_PARAMS,
  trainingJson,
  trainingText,
  trainNet,
  UsageError,
} from "../mod.ts";
import { givenModel, keepModel, withRecords } from "./analyses.ts";
import { featuresFlag, listing, optionsOf } from "./arguments.ts";
import type { Call, Command } from "./command.ts";
import { deliver } from "./output.ts";
import { COMMON, FEATURES, LIMIT, MODEL, OUTPUT } from "./shared_flags.ts";

export const mlp: Command = {
  spec: {
    name: "mlp",
    operands: "train|predict LOGS|DATASET",
    maxOperands: 2,
    doc:
      "Trains a neural net on labelled requests, or with --features session on connections, or lists the sessions that a trained one calls beacons. On a dataset it also learns from skerry mark --regular.",
    flags: [
      FEATURES,
      ...paramFlags(SPLIT_PARAMS),
      {
        name: "label-column",
        value: "NAME",
        doc: `column with the label (default: ${
          LABEL_COLUMNS.join(", ")
        }, the first that is filled)`,
      },
      ...paramFlags(SCALING_PARAMS),
      ...paramFlags(MLP_PARAMS),
      ...MODEL,
      LIMIT,
      ...OUTPUT,
      ...COMMON,
    ],
    examples: [
      [
        "skerry mlp train http.log.gz --train 0.8 --features http-rich --save-model net.json",
        "split by pair, keep the net",
      ],
      [
        "skerry mlp predict ./logs --load-model net.json",
        "list what it calls beacons",
      ],
      [
        "skerry mlp train office --train 0.8 --save-model @office",
        "on a dataset, kept in its store; then --load-model @office",
      ],
    ],
  },

  async run(call) {
    const [verb, ...rest] = call.flags.operands;
    if (verb !== "train" && verb !== "predict") {
      throw new UsageError(
        `Cannot run mlp: the first operand must be train or predict, got ${
          JSON.stringify(verb ?? "")
        }`,
        { hint: "skerry mlp train http.log.gz --train 0.8" },
      );
    }
    const inner = { ...call, flags: { ...call.flags, operands: rest } };
    await (verb === "train" ? train(inner) : predict(inner));
  },
};

async function train(call: Call): Promise<void> {
  const params = call.flags.params("fit MLPClassifier", MLP_PARAMS);
  const scaling = call.flags.params("scale the features", SCALING_PARAMS);
  const split = call.flags.params("train", SPLIT_PARAMS);
  const labelColumn = call.flags.text("label-column");
  const set = featuresFlag(call, "http");
  await withRecords(call, featureSet(set).logType, async (records, source) => {
    const answers = "path" in source
      ? undefined
      : analystAnswers(await source.store.labels(source.dataset));
    const training = await trainNet(records, set, params, {
      ...optionsOf(call),
      ...scaling,
      ...split,
      labelColumn,
      answers,
    });
    await keepModel(call, training.net, netMetrics(training), source);
    await deliver(call, {
      json: () => trainingJson(training, records),
      csv: () =>
        recordsCsv(
          training.hits.map((hit) => ({
            probability: hit.probability,
            ...records.row(hit.row),
          })),
        ),
      text: () => trainingText(training, records, listing(call)),
    });
  });
}

async function predict(call: Call): Promise<void> {
  const net = await givenModel(call, "mlp");
  if (!net) {
    throw new UsageError(
      "Cannot predict without a net: give one with --load-model FILE or @NAME",
      {
        hint: "skerry mlp train http.log.gz --train 0.8 --save-model net.json",
      },
    );
  }
  const labelColumn = call.flags.text("label-column");
  const { logType } = featureSet(net.featureSet);
  await withRecords(call, logType, async (records) => {
    const prediction = await predictWith(
      net,
      records,
      labelColumn,
      optionsOf(call),
    );
    await deliver(call, {
      json: () => predictionJson(prediction, records),
      csv: () =>
        recordsCsv(
          prediction.hits.map((hit) => ({
            probability: hit.probability,
            ...records.row(hit.row),
          })),
        ),
      text: () => predictionText(prediction, records, listing(call)),
    });
  });
}
