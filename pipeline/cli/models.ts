import {
  describeModel,
  FEATURE_SETS,
  modelsCsv,
  modelsText,
  modelText,
  recordsCsv,
  recordsText,
  type SessionStore,
  SkerryError,
  type StoredModel,
  UsageError,
  visible,
} from "../mod.ts";
import { choice, limitOf, numberFlag, operand } from "./arguments.ts";
import type { Call, Command } from "./command.ts";
import { confirmed, YES } from "./confirm.ts";
import { deliver, print } from "./output.ts";
import { COMMON, LIMIT, OUTPUT } from "./shared_flags.ts";
import { storeOf } from "./stores.ts";
import { verbOf } from "./verbs.ts";

const KINDS = ["kmeans", "dbscan", "mlp"] as const;

const VERBS: Readonly<
  Record<string, (call: Call) => Promise<number | void>>
> = { list, show, sessions, delete: remove };

export const models: Command = {
  spec: {
    name: "models",
    operands: "[list|show|sessions|delete …]",
    maxOperands: 2,
    doc: [
      "Lists the models that the store keeps. Verbs:",
      "  list               name, kind and what it learned from; also without a verb",
      "  show NAME          parameters, features and metrics; --json has scaler and weights, too",
      "  sessions NAME      the sessions of one of its clusters, see --cluster",
      "  delete NAME        takes a model away",
    ].join("\n"),
    flags: [
      {
        name: "kind",
        value: KINDS.join("|"),
        doc: "which one, where models of two kinds share a name",
      },
      {
        name: "cluster",
        value: "LABEL|noise",
        doc: "whose sessions are listed; dbscan has noise, too",
      },
      { ...LIMIT, doc: "list at most N sessions (default 100)" },
      YES,
      ...OUTPUT,
      ...COMMON,
    ],
    examples: [
      ["skerry models", "what --save-model @NAME has kept"],
      ["skerry models show office --json net.json", "all that it consists of"],
      [
        "skerry models sessions office --cluster 7 --csv rare.csv",
        "what lies in a cluster; at most 10,000 of each are kept",
      ],
      ["skerry models delete office --kind mlp --yes", "without being asked"],
    ],
  },

  async run(call) {
    const [verb, inner] = verbOf(call, "models", VERBS);
    return await verb(inner);
  },
};

async function list(call: Call): Promise<void> {
  await using store = await storeOf(call, true);
  const models = await store.models();
  await deliver(call, {
    json: () => models,
    csv: () => modelsCsv(models),
    text: () => modelsText(models, call.terminal, call.timeZone),
  });
}

async function show(call: Call): Promise<void> {
  await using store = await storeOf(call, true);
  const { model, ...entry } = await modelNamed(store, call);
  const described = describeModel(model);
  const { id: _, ...about } = entry;
  await deliver(call, {
    json: () => ({ ...about, ...described }),
    csv: () => modelsCsv([entry]),
    text: () => modelText(entry, described, call.terminal, call.timeZone),
  });
}

async function sessions(call: Call): Promise<void> {
  await using store = await storeOf(call);
  const { id, dataset, model } = await modelNamed(store, call);
  // A value that begins with a dash would be taken for a flag.
  const label = call.flags.text("cluster") === "noise"
    ? -1
    : numberFlag(call, "cluster", NaN);
  if (!Number.isInteger(label)) {
    throw new UsageError("Cannot list sessions: say whose with --cluster", {
      hint: "skerry models show NAME tells the clusters' sizes",
    });
  }
  const { featureSet } = model as { featureSet?: string };
  const set = FEATURE_SETS.find(({ name }) => name === featureSet);
  const from = dataset === null ? null : await store.findDataset(dataset);
  if (!set || !from) {
    throw new SkerryError(
      `Cannot list sessions: the store does not hold ${dataset ?? "them"}`,
      { hint: "fit the model on a dataset of the store" },
    );
  }
  const { sessions, next } = await store.clusterSessions(from, id, {
    label,
    logType: set.logType,
    limit: limitOf(call, 100),
  });
  const rows = sessions.map(({ fields }) => fields);
  await deliver(call, {
    json: () => rows,
    csv: () => recordsCsv(rows),
    text: () => recordsText(rows, call.timeZone, next !== null),
  });
}

async function remove(call: Call): Promise<number> {
  await using store = await storeOf(call);
  const { name, kind } = await modelNamed(store, call);
  const about = [`This removes the ${kind} model ${name}.`];
  if (!await confirmed(call, `delete ${name}`, about)) return 1;
  await store.deleteModel(name, kind);
  print(visible(`  The ${kind} model ${name} is deleted`));
  return 0;
}

/** The model that the operand and --kind name, with or without its @. */
async function modelNamed(
  store: SessionStore,
  call: Call,
): Promise<StoredModel> {
  const name = operand(call, 0, "models", "the name of a model")
    .replace(/^@/, "");
  const kind = choice(call.flags, "kind", KINDS);
  const found = (await store.models()).filter((model) =>
    model.name === name && (kind === undefined || model.kind === kind)
  );
  if (found.length > 1) {
    throw new UsageError(
      `Cannot tell which model ${name} is meant: there are ${
        found.map(({ kind }) => kind).join(" and ")
      }`,
      { hint: "say which with --kind" },
    );
  }
  const model = found[0] && await store.model(name, found[0].kind);
  if (model) return model;
  throw new SkerryError(
    `Cannot find the ${kind ? kind + " " : ""}model ${name}`,
    { hint: "skerry models lists them" },
  );
}
