import { cut as cutFields, CUT_FORMATS, UsageError } from "../mod.ts";
import { choice, optionsOf } from "./arguments.ts";
import type { Command } from "./command.ts";
import { note, printBytes } from "./output.ts";
import { COMMON } from "./shared_flags.ts";

export const cut: Command = {
  spec: {
    name: "cut",
    operands: "FIELD… [FILE…]",
    maxOperands: 1000,
    doc:
      "Prints some fields of every record of some logs, as zeek-cut does. What is no file or folder is a field; without a file, - is standard input.",
    flags: [
      {
        name: "format",
        value: CUT_FORMATS.join("|"),
        doc: "how records are printed (default tsv)",
      },
      {
        name: "log-type",
        value: "TYPE",
        doc: "only records of this type, as conn or ssh",
      },
      { name: "header", doc: "the fields' names in the first line of TSV" },
      ...COMMON.filter(({ name }) => name !== "store" && name !== "tz"),
    ],
    examples: [
      ["skerry cut ts id.orig_h host http.log.gz", "three columns, TSV"],
      [
        "skerry cut uid server_name ./logs --log-type ssl --format json",
        "JSON lines of all ssl logs in a folder",
      ],
    ],
  },

  async run(call) {
    const paths: string[] = [], fields: string[] = [];
    for (const given of call.flags.operands) {
      (await isPath(given) ? paths : fields).push(given);
    }
    if (fields.length === 0) {
      throw new UsageError("Cannot cut: name a field", {
        hint: "skerry cut ts id.orig_h id.resp_h conn.log",
      });
    }
    const pieces = cutFields(paths.length > 0 ? paths : ["-"], fields, {
      ...optionsOf(call),
      format: choice(call.flags, "format", CUT_FORMATS),
      logType: call.flags.text("log-type"),
      header: call.flags.on("header") || undefined,
    });
    for (;;) {
      const { value, done } = await pieces.next();
      if (!done) printBytes(value);
      else if (value > 0) note(`${value} lines were skipped\n`);
      if (done) return;
    }
  },
};

/** A misspelled file is told of as such, and not as a field. */
async function isPath(given: string): Promise<boolean> {
  return given === "-" ||
    /\/|\.(log|json|gz|zst|bz2|xz|tar|tgz)$/.test(given) ||
    await Deno.stat(given).then(() => true, () => false);
}
