import {
  type Dataset,
  type Flag,
  type FoundLogs,
  importLogs,
  importText,
  logsUnder,
  RECORDS_KEPT,
  type SessionStore,
  STDIN,
} from "../mod.ts";
import { absolute, choice, operand, optionsOf } from "./arguments.ts";
import { logsOf, ZEEK } from "./capture.ts";
import type { Call, Command } from "./command.ts";
import { print } from "./output.ts";
import { COMMON, DATASET, RECORDS, SENSOR } from "./shared_flags.ts";
import { storeOf, typed } from "./stores.ts";

export const FRESH: Flag = {
  name: "fresh",
  doc:
    "clear the dataset's old records and runs first; they are kept by default",
};

export const importCommand: Command = {
  spec: {
    name: "import",
    operands: "DIR",
    maxOperands: 1,
    doc:
      "Reads a folder of Zeek logs into the store. The same content is read once.",
    flags: [DATASET, FRESH, SENSOR, RECORDS, ZEEK, ...COMMON],
    examples: [[
      "skerry import ./logs --dataset office",
      "fill the dataset office",
    ]],
  },

  async run(call) {
    const given = operand(call, 0, "import", "a folder of Zeek logs, or -");
    keepingOf(call);
    const path = await logsOf(given, call);
    await using logs = await logsUnder(path, optionsOf(call));
    await using store = await storeOf(call);
    const { dataset, imported } = await importInto(store, path, logs, call);
    call.progress.clear();
    print(
      importText(
        dataset.name,
        imported,
        call.terminal,
        (words) => typed(call, words),
      ),
    );
  },
};

export async function importInto(
  store: SessionStore,
  path: string,
  logs: FoundLogs,
  call: Call,
) {
  const dataset = await datasetOf(store, path, call);
  const imported = await importLogs(store, dataset, logs, {
    ...optionsOf(call),
    ...keepingOf(call),
  });
  return { dataset, imported };
}

/** The flags that say how records are kept, checked before any log is read. */
export function keepingOf(call: Call) {
  return {
    sensor: call.flags.text("sensor"),
    records: choice(call.flags, "records", RECORDS_KEPT),
  };
}

/** The dataset that is imported into, emptied where --fresh says so. */
export async function datasetOf(
  store: SessionStore,
  path: string,
  call: Call,
): Promise<Dataset> {
  const name = call.flags.text("dataset") ??
    (path === STDIN ? "stdin" : absolute(path));
  const before = await store.findDataset(name);
  const dataset = await store.openDataset(name);
  if (before && call.flags.on("fresh")) await store.clearDataset(dataset);
  return dataset;
}
