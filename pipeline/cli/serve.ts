import { pageOf } from "./arguments.ts";
import type { Command } from "./command.ts";
import { COMMON, PAGE } from "./shared_flags.ts";
import { storeOf } from "./stores.ts";

/** Threads for what takes long, so that the pages need not wait for it. */
const READERS = 2;

export const serve: Command = {
  spec: {
    name: "serve",
    operands: "",
    maxOperands: 0,
    doc: "Serves the pages on this machine only, until Ctrl-C.",
    flags: [...PAGE, ...COMMON],
    examples: [
      ["skerry serve --port 8100", "http://127.0.0.1:8100/"],
      ["skerry serve --allow-import ./logs", "pages may import from ./logs"],
    ],
  },

  async run(call) {
    const page = pageOf(call);
    await using store = await storeOf(call, false, READERS);
    await call.serve(store, page);
  },
};
