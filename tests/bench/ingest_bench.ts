/**
 * Reading a conn.log of about 50 MB into columns, as TSV, JSON lines and gzip:
 * against pandas, mawk, plain TypeScript and bare zlib. All files are in the
 * page cache, and the parsers warm.
 */
import { gzipSync } from "node:zlib";
import { connLog, MANY, SEVEN_FIELDS } from "./data.ts";
import type { Stages } from "./ingest_stages.ts";
import { bestOfPeer, install } from "./peers.ts";
import {
  type BenchOptions,
  type Comparison,
  hasModule,
  type Measured,
  run,
  runCommand,
  runOurs,
  runTheirs,
} from "./run.ts";

/** About 120 bytes each. */
const ROWS = 400_000;

const NO_PANDAS = { skipped: "Python has no pandas (Debian: python3-pandas)" };

/** What DuckDB and polars read as well. */
const PEER_WORKLOADS: Readonly<Record<string, string>> = {
  seven: "7 columns",
  read: "all columns",
  readGzip: "gzip, all columns",
  sevenJson: "7 columns",
  readJson: "all columns",
};

/** With `peers`, DuckDB and polars are installed and compared with too. */
export async function* ingestBench(
  folder: string,
  { peers = false }: BenchOptions = {},
): AsyncGenerator<Comparison> {
  const bytes = await writeLogs(`${folder}/large`);
  const pandas = await hasModule("pandas");
  const inPandas = async (workload: string) =>
    pandas ? await runTheirs(workload, folder, 1) : NO_PANDAS;
  const seven = await runOurs("seven", folder);
  const lent = await runOurs("sevenLent", folder);
  const read = await runOurs("read", folder);
  const plain = await runOurs("plain", folder);
  const tsv = (workload: string, ours: Measured) => ({
    workload: `TSV, ${(bytes.tsv / 1e6).toFixed(0)} MB, ${workload}`,
    ours,
    bytes: bytes.tsv,
  });
  yield {
    ...tsv("7 columns", seven),
    theirs: await inPandas("seven"),
    against: "pandas, usecols",
  };
  yield {
    ...tsv("7 columns, lent", lent),
    theirs: await inPandas("seven"),
    against: "pandas, usecols",
  };
  yield {
    ...tsv("7 columns", seven),
    theirs: await runCommand(5, "mawk", mawkArgs(folder), seven.value),
    against: "mawk printing 7 fields",
  };
  yield {
    ...tsv("all columns", read),
    theirs: await inPandas("read"),
    against: "pandas",
  };
  yield {
    ...tsv("all columns", read),
    theirs: plain,
    against: "the same in plain TypeScript",
  };
  yield {
    ...tsv(`${MANY} times, 2 workers`, await runOurs("two", folder)),
    bytes: bytes.tsv * MANY,
    theirs: await runOurs("one", folder),
    against: "1 thread",
  };
  const json = (workload: string, ours: Measured) => ({
    workload: `JSON lines, ${(bytes.json / 1e6).toFixed(0)} MB, ${workload}`,
    ours,
    bytes: bytes.json,
  });
  const sevenJson = await runOurs("sevenJson", folder);
  const readJson = await runOurs("readJson", folder);
  yield {
    ...json("7 columns", sevenJson),
    theirs: await inPandas("json_lines"),
    against: "pandas",
  };
  yield {
    ...json("all columns", readJson),
    theirs: await runOurs("plainJson", folder),
    against: "the same by JSON.parse",
  };
  const readGzip = await runOurs("readGzip", folder);
  yield {
    ...tsv("gzip, all columns", readGzip),
    theirs: await inPandas("gzip"),
    against: "pandas",
  };
  yield {
    ...tsv("gzip, all columns", readGzip),
    theirs: { ...await runOurs("bareGzip", folder), value: readGzip.value },
    against: "zlib alone",
  };
  if (!peers) return;
  const ours = { seven, read, readGzip, sevenJson, readJson };
  for (const peer of ["DuckDB", "polars"] as const) {
    const skipped = await install(peer);
    for (const [name, what] of Object.entries(PEER_WORKLOADS)) {
      const measured = ours[name as keyof typeof ours];
      const of = name.endsWith("Json") ? json : tsv;
      yield {
        ...of(what, measured),
        ...skipped === undefined
          ? await bestOfPeer(peer, name, folder)
          : { theirs: { skipped }, against: peer },
      };
    }
  }
}

/** What each stage of reading takes, of the logs that ingestBench wrote. */
export async function* ingestStages(folder: string): AsyncGenerator<string> {
  yield "\nreading, one thread, lent batches: the shortest time of each call, added";
  for (const [file, rounds] of [["conn.log", 40], ["conn.json", 12]] as const) {
    for (const fields of [SEVEN_FIELDS, []]) {
      const script = new URL("ingest_stages.ts", import.meta.url).pathname;
      const path = `${folder}/large/${file}`;
      const { stages, best, median, bytes } = await run<Stages>(
        Deno.execPath(),
        ["run", "-A", script, path, String(rounds), ...fields],
      );
      const sum = Object.values(stages).reduce((ms, stage) => ms + stage, 0);
      const rate = (ms: number) => `${(bytes / 1000 / ms).toFixed(0)} MB/s`;
      const parts = Object.entries(stages).map(([stage, ms]) =>
        `${stage} ${ms.toFixed(1)}`
      );
      const what = fields.length > 0 ? "7 columns" : "all columns";
      yield `${file}, ${what}: ${parts.join(" + ")} = ${sum.toFixed(1)} ms, ` +
        `${rate(sum)}; wall best ${rate(best)}, median ${rate(median)}`;
    }
  }
}

/** Writes the same log in its three forms; their sizes as text. */
async function writeLogs(folder: string) {
  await Deno.mkdir(folder);
  const text = connLog(ROWS), json = asJson(text);
  await Deno.writeTextFile(`${folder}/conn.log`, text);
  await Deno.writeTextFile(`${folder}/conn.json`, json);
  await Deno.writeFile(`${folder}/conn.log.gz`, gzipSync(text));
  return { tsv: text.length, json: json.length };
}

function asJson(log: string): string {
  const lines = log.trimEnd().split("\n");
  const cells = (name: string) =>
    lines.find((line) => line.startsWith(name))!.split("\t").slice(1);
  const keys = cells("#fields").map((name) => JSON.stringify(name) + ":");
  const texts = cells("#types").map((type) => /string|enum|addr/.test(type));
  return lines.filter((line) => !line.startsWith("#")).map((line) => {
    const pairs = line.split("\t").flatMap((cell, i) =>
      cell === "-"
        ? []
        : [keys[i] + (texts[i] ? JSON.stringify(cell) : String(Number(cell)))]
    );
    return `{${pairs.join(",")}}\n`;
  }).join("");
}

function mawkArgs(folder: string): string[] {
  return [
    "-F",
    "\t",
    '!/^#/ { print $1 "\t" $3 "\t" $5 "\t" $6 "\t" $9 "\t" $10 "\t" $11 }',
    `${folder}/large/conn.log`,
  ];
}
