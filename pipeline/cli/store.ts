import { copyCsv, copyStore, copyText, openStore, UsageError } from "../mod.ts";
import { operand, optionsOf } from "./arguments.ts";
import type { Call, Command } from "./command.ts";
import { deliver } from "./output.ts";
import { COMMON, OUTPUT } from "./shared_flags.ts";
import { withPassword } from "./stores.ts";

export const store: Command = {
  spec: {
    name: "store",
    operands: "copy FROM TO",
    maxOperands: 3,
    doc:
      "Copies all that a store holds into an empty one, of either engine, and compares counts and checksums. FROM and TO are written as for --store.",
    flags: [...OUTPUT, ...COMMON.filter(({ name }) => name !== "store")],
    examples: [
      ["skerry store copy skerry.db backup.db", "a file into another"],
      [
        "skerry store copy skerry.db mysql://ann@127.0.0.1/skerry",
        "onto a server; the password is SKERRY_DB_PASSWORD, or asked for",
      ],
    ],
  },

  async run(call) {
    const [verb, ...operands] = call.flags.operands;
    if (verb !== "copy") {
      throw new UsageError(
        `Cannot run store: the first operand must be copy, got ${
          JSON.stringify(verb ?? "")
        }`,
        { hint: "skerry store copy skerry.db backup.db" },
      );
    }
    await copy({ ...call, flags: { ...call.flags, operands } });
  },
};

async function copy(call: Call): Promise<void> {
  const [from, to] = [0, 1].map((i) =>
    operand(call, i, "store copy", "two stores: FROM and TO")
  );
  if (from === to) {
    throw new UsageError(`Cannot copy ${from}: both are the same store`);
  }
  const fromPassword = await passwordOf(call, from);
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

/** The password that opens a server's store: each may want its own. */
async function passwordOf(
  call: Call,
  location: string,
): Promise<string | undefined> {
  if (!/^(mysql|mariadb):/i.test(location)) return undefined;
  return await withPassword(call, location, async (password) => {
    await using _store = await openStore(location, { password });
    return password;
  });
}
