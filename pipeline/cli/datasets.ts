import { datasetsText } from "../mod.ts";
import type { Command } from "./command.ts";
import { deliver } from "./output.ts";
import { COMMON, JSON_OUT } from "./shared_flags.ts";
import { storeOf } from "./stores.ts";

export const datasets: Command = {
  spec: {
    name: "datasets",
    operands: "",
    maxOperands: 0,
    doc: "Lists what the store holds.",
    flags: [JSON_OUT, ...COMMON],
    examples: [["skerry datasets", "names, records and times"]],
  },

  async run(call) {
    await using store = await storeOf(call, true);
    const datasets = await store.datasets();
    await deliver(call, {
      json: () => datasets,
      csv: () => "",
      text: () => datasetsText(datasets, call.terminal, call.timeZone),
    });
  },
};
