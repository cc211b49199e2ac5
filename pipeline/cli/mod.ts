import { benign } from "./benign.ts";
import { dbscan, kmeans } from "./clusters.ts";
import type { Command } from "./command.ts";
import { cut } from "./cut.ts";
import { datasets } from "./datasets.ts";
import { diff } from "./diff.ts";
import { evaluate } from "./evaluate.ts";
import { findings, show } from "./findings.ts";
import { mark } from "./mark.ts";
import { mlp } from "./mlp.ts";
import { models } from "./models.ts";
import { hosts } from "./hosts.ts";
import { huntCommand } from "./hunt.ts";
import { importCommand } from "./import.ts";
import { run } from "./run.ts";
import { records } from "./records.ts";
import { runs } from "./runs.ts";
import { safelist } from "./safelist.ts";
import { serve } from "./serve.ts";
import { store } from "./store.ts";

export type { Call, Command, PageOptions } from "./command.ts";
export { checkOutput, note, print } from "./output.ts";

/** All commands, in the order of the overview. A new one is a file and a line. */
export const COMMANDS: readonly Command[] = [
  run,
  importCommand,
  huntCommand,
  findings,
  show,
  records,
  mark,
  hosts,
  runs,
  diff,
  safelist,
  benign,
  kmeans,
  dbscan,
  mlp,
  models,
  evaluate,
  cut,
  datasets,
  store,
  serve,
];
