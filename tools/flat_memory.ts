/**
 * Streams a log of many gigabytes through `skerry cut` and watches its memory,
 * which must not grow with the log. Nothing is written to disk.
 *
 *     deno run -A tools/flat_memory.ts [gigabytes, 10 where absent]
 *
 * With a command, imports (or also hunts in) logs of so many million
 * connections and says how much memory each took, and each connection more.
 *
 *     deno run -A tools/flat_memory.ts import|run [1 3]
 */
import { connLog } from "../tests/bench/data.ts";

/** Rows of the block that is sent over and over, about 24 MB. */
const ROWS = 200_000;
/** Growth of peak memory after the first gigabyte that still counts as none. */
const ALLOWED_MB = 48;
/** Bytes that one connection more may take, and what the heap varies by. */
const PER_CONNECTION = 40, VARIES_MB = 64;

if (["import", "run"].includes(Deno.args[0])) await growth(Deno.args[0]);

const gigabytes = Number(Deno.args[0] ?? 10);
if (!(gigabytes > 0)) {
  console.error("Cannot check memory: say how many gigabytes, as 10");
  Deno.exit(2);
}
const child = new Deno.Command(Deno.execPath(), {
  args: ["run", "-A", "main.ts", "cut", "ts", "id.orig_h", "uid", "-"],
  cwd: new URL("../", import.meta.url),
  stdin: "piped",
  stdout: "null",
}).spawn();

const bytes = new TextEncoder().encode(connLog(ROWS));
const rows = bytes.subarray(headerLength(bytes));
const writer = child.stdin.getWriter();
const started = performance.now();
await writer.write(bytes.subarray(0, bytes.length - rows.length));
let sent = 0, settled = NaN, next = 1e9;
while (sent < gigabytes * 1e9) {
  await writer.write(rows);
  sent += rows.length;
  if (sent < next) continue;
  next += 1e9;
  const peak = await peakMegabytes(child.pid);
  if (Number.isNaN(settled)) settled = peak;
  console.log(`${(sent / 1e9).toFixed(1)} GB sent, peak ${peak.toFixed(0)} MB`);
}
const peak = await peakMegabytes(child.pid);
await writer.close();
const { success } = await child.status;
const seconds = (performance.now() - started) / 1000;
const grown = peak - (Number.isNaN(settled) ? peak : settled);
console.log(
  `${(sent / 1e9).toFixed(1)} GB in ${seconds.toFixed(0)} s ` +
    `(${(sent / 1e6 / seconds).toFixed(0)} MB/s), peak ${
      peak.toFixed(0)
    } MB, ` +
    `${grown.toFixed(0)} MB more than after the first`,
);
if (!success || grown > ALLOWED_MB) {
  console.error(
    `memory may grow by ${ALLOWED_MB} MB, and the command must end`,
  );
  Deno.exit(1);
}

/** Length of the lines that begin with "#". */
function headerLength(log: Uint8Array): number {
  let at = 0;
  while (log[at] === 35) at = log.indexOf(10, at) + 1;
  return at;
}

/** Peak resident memory of a process, MB; Linux only. */
async function peakMegabytes(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)![1]) / 1000;
}

/** Ends the program. */
async function growth(command: string): Promise<never> {
  const sizes = Deno.args.slice(1).map(Number);
  const [few, many] = sizes.length === 2 ? sizes : [1, 3];
  if (!(few > 0 && many > few)) {
    console.error("Cannot check memory: say how many millions, as 1 3");
    Deno.exit(2);
  }
  const peaks: number[] = [];
  for (const millions of [few, many]) {
    const folder = await Deno.makeTempDir({ prefix: "skerry-memory-" });
    try {
      await Deno.mkdir(`${folder}/logs`);
      await writeConnections(`${folder}/logs/conn.log`, millions * 1e6);
      peaks.push(await peakOf(command, folder));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
    console.log(
      `${millions} M connections: peak ${peaks.at(-1)!.toFixed(0)} MB`,
    );
  }
  const more = peaks[1] - peaks[0];
  console.log(
    `${(more / (many - few)).toFixed(0)} B more for each connection more`,
  );
  const allowed = PER_CONNECTION * (many - few) + VARIES_MB;
  Deno.exit(more <= allowed ? 0 : 1);
}

/** Blocks of the same sessions, each connection with a uid of its own. */
async function writeConnections(path: string, n: number): Promise<void> {
  const encoder = new TextEncoder(), log = connLog(Math.min(n, ROWS));
  const start = log.indexOf("\n", log.indexOf("#types")) + 1;
  using file = await Deno.open(path, { write: true, create: true });
  const write = async (text: string) => {
    const bytes = encoder.encode(text);
    for (let at = 0; at < bytes.length;) {
      at += await file.write(bytes.subarray(at));
    }
  };
  await write(log.slice(0, start));
  for (let block = 0; block * ROWS < n; block++) {
    const uid = `\tC${block.toString(36).padStart(5, "0")}`;
    await write(log.slice(start).replaceAll("\tCxxxxx", uid));
  }
}

/** @returns MB of resident memory. */
async function peakOf(command: string, folder: string): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "main.ts", command, `${folder}/logs`],
      ...["--store", `${folder}/store.db`],
    ],
    cwd: new URL("../", import.meta.url),
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let peak = 0;
  const timer = setInterval(async () => {
    // It may have ended meanwhile.
    peak = await peakMegabytes(child.pid).catch(() => peak);
  }, 200);
  const { success } = await child.status;
  clearInterval(timer);
  if (!success) throw new Error(`skerry ${command} failed`);
  return peak;
}
