import { LABEL_COLUMNS } from "./classify.ts";
import { FEATURE_SETS } from "./features/mod.ts";
import { type CommandSpec, type Flag, paramFlags } from "./flags.ts";
import { DBSCAN_PARAMS, KMEANS_PARAMS, MLP_PARAMS } from "./models/mod.ts";

const COMMON: readonly Flag[] = [
  {
    name: "store",
    value: "FILE",
    doc:
      "where sessions live (default: SKERRY_STORE, else the user's data folder)",
  },
  {
    name: "tz",
    value: "ZONE",
    doc: "time zone of what is shown, as Europe/Berlin (default UTC)",
  },
  { name: "no-color", doc: "no colours (as NO_COLOR and TERM=dumb)" },
  { name: "help", short: "h", doc: "this text" },
];
const OUTPUT: readonly Flag[] = [
  {
    name: "json",
    value: "FILE|-",
    doc: "write JSON; with - nothing else goes to stdout",
  },
  { name: "csv", value: "FILE|-", doc: "write CSV" },
];
const DATASET: Flag = {
  name: "dataset",
  value: "NAME",
  doc:
    "the dataset (default: the folder's absolute path, or the last one hunted in)",
};
const FRESH: Flag = {
  name: "fresh",
  doc:
    "clear the dataset's old records and runs first; they are kept by default",
};
const LIMIT: Flag = {
  name: "limit",
  value: "N",
  doc: "list at most N (default 10)",
};
const WINDOW: readonly Flag[] = [
  {
    name: "from",
    value: "TIME",
    doc: "from this time on, as 2024-04-19T12:00 (UTC) or epoch seconds",
  },
  { name: "to", value: "TIME", doc: "up to this time" },
  {
    name: "last",
    value: "24h",
    doc: "only so long before the newest record (s, m, h, d)",
  },
  {
    name: "internal",
    value: "CIDR,…",
    doc: "networks that count as internal (default: found from the traffic)",
  },
];
const SCORE: Flag = {
  name: "score",
  value: "skerry|rita",
  doc: "whose score ranks: Skerry's (default), or RITA v5's maths",
};
const WITHOUT: Flag = {
  name: "without",
  value: "A,B",
  doc:
    "reasons that shall not count, as show names them: prevalence, class, related, …",
};
const PAGE: readonly Flag[] = [
  { name: "port", value: "N", doc: "port on 127.0.0.1 (default 8000)" },
];
const FEATURES: Flag = {
  name: "features",
  value: FEATURE_SETS.map((set) => set.name).join("|"),
  doc: "the numbers made of a record (default session, for the net http)",
};
const MODEL: readonly Flag[] = [
  {
    name: "save-model",
    value: "FILE",
    doc: "keep the fitted model with its scaler",
  },
  {
    name: "load-model",
    value: "FILE",
    doc: "use a kept model instead of fitting one",
  },
];

/** Every command of the command line, as data: the help follows from it. */
export const COMMAND_SPECS: readonly CommandSpec[] = [
  {
    name: "run",
    operands: "DIR",
    maxOperands: 1,
    doc:
      "Reads a folder of Zeek logs and ranks what hides in them: import, then hunt.",
    flags: [
      DATASET,
      FRESH,
      ...WINDOW,
      LIMIT,
      ...OUTPUT,
      { name: "open", doc: "serve the page at once" },
      ...PAGE,
      ...COMMON,
      SCORE,
      WITHOUT,
    ],
    examples: [
      ["skerry run ./logs", "read what is new, rank, print the best ten"],
      ["skerry run ./logs --last 24h --json -", "one JSON document on stdout"],
      [
        "skerry run ./logs --store case7.db --open",
        "then look at it in the browser",
      ],
    ],
  },
  {
    name: "import",
    operands: "DIR",
    maxOperands: 1,
    doc:
      "Reads a folder of Zeek logs into the store. The same content is read once.",
    flags: [DATASET, FRESH, ...COMMON],
    examples: [[
      "skerry import ./logs --dataset office",
      "fill the dataset office",
    ]],
  },
  {
    name: "hunt",
    operands: "DATASET",
    maxOperands: 1,
    doc: "Ranks what hides in a dataset of the store, without reading logs.",
    flags: [...WINDOW, LIMIT, ...OUTPUT, ...COMMON, SCORE, WITHOUT],
    examples: [
      ["skerry hunt ./logs --last 24h", "only the newest day"],
      ["skerry hunt office --from 2024-04-19 --to 2024-04-20", "one day"],
      ["skerry hunt office --score rita", "as RITA v5 would rank"],
    ],
  },
  {
    name: "findings",
    operands: "",
    maxOperands: 0,
    doc: "Lists the findings of the last run, best first.",
    flags: [
      DATASET,
      {
        name: "min-score",
        value: "N",
        doc: "only from this score on, 0 to 1 (default 0.2)",
      },
      { ...LIMIT, doc: "list at most N (default 100)" },
      ...OUTPUT,
      ...COMMON,
    ],
    examples: [
      ["skerry findings --min-score 0.6", "what is high or critical"],
      ["skerry findings --csv findings.csv", "for a spreadsheet"],
    ],
  },
  {
    name: "show",
    operands: "ID",
    maxOperands: 1,
    doc:
      "Shows one finding of the last run: facts, reasons for and against, first records. ID is its id or its rank.",
    flags: [DATASET, OUTPUT[0], ...COMMON],
    examples: [["skerry show 1", "the best finding of the last run"]],
  },
  {
    name: "mark",
    operands: "ID",
    maxOperands: 1,
    doc:
      "Keeps what you think of a finding. It belongs to the finding's id and outlives the run.",
    flags: [
      DATASET,
      {
        name: "verdict",
        value: "malicious|benign|unsure|none",
        doc: "is it malicious?",
      },
      {
        name: "regular",
        value: "yes|no|none",
        doc: "is it a beacon, whatever its purpose?",
      },
      { name: "note", value: "TEXT", doc: "add a note" },
      { name: "tags", value: "A,B", doc: "replace its tags" },
      ...COMMON,
    ],
    examples: [[
      "skerry mark 1 --verdict malicious --note 'ticket 4711'",
      "decide the first finding",
    ]],
  },
  {
    name: "kmeans",
    operands: "[LOGS|DATASET]",
    maxOperands: 1,
    doc:
      "Clusters sessions by k-means on their first two principal components and lists the sessions of the three least-populated clusters.",
    flags: [
      FEATURES,
      ...paramFlags(KMEANS_PARAMS),
      ...MODEL,
      LIMIT,
      ...OUTPUT,
      ...COMMON,
    ],
    examples: [
      ["skerry kmeans ./logs", "20 clusters on the seven session features"],
      [
        "skerry kmeans ./logs --features session-rich --n-clusters 12 --csv outliers.csv",
        "on features with meaningful distances",
      ],
    ],
  },
  {
    name: "dbscan",
    operands: "[LOGS|DATASET]",
    maxOperands: 1,
    doc:
      "Clusters sessions by density and lists those that belong to no cluster.",
    flags: [
      FEATURES,
      ...paramFlags(DBSCAN_PARAMS),
      ...MODEL,
      LIMIT,
      ...OUTPUT,
      ...COMMON,
    ],
    examples: [
      [
        "skerry dbscan ./logs",
        "eps 0.3 and minSamples 10 on the scaled session features",
      ],
      ["skerry dbscan ./logs --eps 0.5 --json -", "sizes and noise as JSON"],
    ],
  },
  {
    name: "mlp",
    operands: "train|predict LOGS|DATASET",
    maxOperands: 2,
    doc:
      "Trains a neural net on labelled http sessions, or lists the sessions that a trained one calls beacons.",
    flags: [
      FEATURES,
      {
        name: "train",
        value: "N",
        doc:
          "1 or more: the first N rows; below 1: that share of the pairs (default 20000)",
      },
      {
        name: "label-column",
        value: "NAME",
        doc: `column with the label (default: ${
          LABEL_COLUMNS.join(", ")
        }, the first that is filled)`,
      },
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
    ],
  },
  {
    name: "evaluate",
    operands: "DIR",
    maxOperands: 1,
    doc:
      "Hunts in a folder of logs and holds the ranking against what is known of it. Nothing is kept.",
    flags: [
      {
        name: "truth",
        value: "TRUTH.tsv",
        doc:
          "columns src, dst, port, proto, name, label, confidence; * is any, - none",
      },
      WINDOW[3],
      OUTPUT[0],
      ...COMMON,
    ],
    examples: [[
      "skerry evaluate ./logs --truth ./logs/TRUTH.tsv",
      "rank of every known pair, average precision, false alarms",
    ]],
  },
  {
    name: "datasets",
    operands: "",
    maxOperands: 0,
    doc: "Lists what the store holds.",
    flags: [OUTPUT[0], ...COMMON],
    examples: [["skerry datasets", "names, records and times"]],
  },
  {
    name: "serve",
    operands: "",
    maxOperands: 0,
    doc: "Serves the pages on this machine only, until Ctrl-C.",
    flags: [...PAGE, ...COMMON],
    examples: [["skerry serve --port 8100", "http://127.0.0.1:8100/"]],
  },
];
