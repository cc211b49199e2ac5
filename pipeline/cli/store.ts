import { copyCsv, copyStore, copyText, storeSql, UsageError } from "../mod.ts";
import { operand, optionsOf } from "./arguments.ts";
import type { Call, Command } from "./command.ts";
import { deliver, print } from "./output.ts";
import { COMMON, OUTPUT } from "./shared_flags.ts";
import { passwordOf } from "./stores.ts";

export const store: Command = {
  spec: {
    name: "store",
    operands: "copy FROM TO | sql [ADDRESS]",
    maxOperands: 3,
    doc: [
      "Copies a whole store, or prints the SQL that makes one. Verbs:",
      "  copy FROM TO     all that a store holds into an empty one, of either engine; counts and",
      "                   checksums are compared; both are written as for --store",
      "  sql [ADDRESS]    the statements with which an administrator makes the tables on a server",
      "                   for a user who may not; with an address also database and rights",
    ].join("\n"),
    flags: [...OUTPUT, ...COMMON.filter(({ name }) => name !== "store")],
    examples: [
      ["skerry store copy skerry.db backup.db", "a file into another"],
      [
        "skerry store copy skerry.db mysql://ann@127.0.0.1/skerry",
        "onto a server; the password is SKERRY_DB_PASSWORD, or asked for",
      ],
      [
        "skerry store sql mysql://ann@127.0.0.1/skerry",
        "what makes the database, its tables and the rights of ann",
      ],
    ],
  },

  async run(call) {
    const [verb, ...operands] = call.flags.operands;
    const rest = { ...call, flags: { ...call.flags, operands } };
    if (verb === "copy") return await copy(rest);
    if (verb === "sql") return print(await storeSql(operands[0]), "");
    throw new UsageError(
      `Cannot run store: the first operand must be copy or sql, got ${
        JSON.stringify(verb ?? "")
      }`,
      { hint: "skerry store copy skerry.db backup.db" },
    );
  },
};

async function copy(call: Call): Promise<void> {
  const [from, to] = [0, 1].map((i) =>
    operand(call, i, "store copy", "two stores: FROM and TO")
  );
  if (from === to) {
    throw new UsageError(`Cannot copy ${from}: both are the same store`);
  }
  const fromPassword = await passwordOf(call, from, { existing: true });
  const toPassword = await passwordOf(call, to);
  const report = await copyStore(from, to, {
    ...optionsOf(call),
    fromPassword,
    toPassword,
  });
  await deliver(call, {
    json: () => report,
    csv: () => copyCsv(report),
    text: () => copyText(report, call.terminal),
  });
}
