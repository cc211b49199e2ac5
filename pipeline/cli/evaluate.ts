import {
  evaluate as evaluateLogs,
  evaluationText,
  type Flag,
  openStore,
  parseNetworks,
  parseTruth,
  UsageError,
} from "../mod.ts";
import { operand, optionsOf, parsedFlag, withoutOf } from "./arguments.ts";
import type { Command } from "./command.ts";
import { readText } from "./files.ts";
import { readBenign } from "./knowledge.ts";
import { deliver } from "./output.ts";
import {
  BENIGN,
  COMMON,
  INTERNAL,
  JSON_OUT,
  MEMORY,
  parseMemory,
  WITHOUT,
} from "./shared_flags.ts";

const TRUTH: Flag = {
  name: "truth",
  value: "TRUTH.tsv",
  doc:
    "columns src, dst, port, proto, name, label, confidence; * is any, - none",
};

export const evaluate: Command = {
  spec: {
    name: "evaluate",
    operands: "DIR",
    maxOperands: 1,
    doc:
      "Hunts in a folder of logs and holds the ranking against what is known of it. Nothing is kept.",
    flags: [
      TRUTH,
      INTERNAL,
      BENIGN,
      WITHOUT,
      {
        ...MEMORY,
        doc:
          "how much of the connections is held in memory; they, and the records, then lie in files of the system's temporary folder, gone at the end (default: all in memory)",
      },
      JSON_OUT,
      ...COMMON.filter(({ name }) => name !== "store"),
    ],
    examples: [[
      "skerry evaluate ./logs --truth ./logs/TRUTH.tsv",
      "rank of every known pair, average precision, false alarms",
    ]],
  },

  async run(call) {
    const path = operand(call, 0, "evaluate", "a folder of Zeek logs");
    const truthPath = call.flags.text("truth");
    if (!truthPath) {
      throw new UsageError(
        "Cannot evaluate without the truth: give it with --truth TRUTH.tsv",
      );
    }
    const internal = parsedFlag(call, "internal", parseNetworks);
    const truth = parseTruth(await readText(truthPath), truthPath);
    const memory = parsedFlag(call, MEMORY.name, parseMemory);
    await using place = await placeFor(memory);
    await using store = await openStore(place.path);
    const { overall, byDetector } = await evaluateLogs(store, path, truth, {
      ...optionsOf(call),
      memory,
      internal,
      benignFile: await readBenign(call),
      without: withoutOf(call),
    });
    await deliver(call, {
      json: () => ({ overall, byDetector }),
      csv: () => "",
      text: () => evaluationText({ overall, byDetector }, call.terminal),
    });
  },
};

/** Where the records lie: in memory, or where that is limited in a file. */
async function placeFor(
  memory: number | undefined,
): Promise<AsyncDisposable & { readonly path: string }> {
  if (memory === undefined) {
    return { path: ":memory:", [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const folder = await Deno.makeTempDir({ prefix: "skerry-" });
  return {
    path: `${folder}/evaluate.db`,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
