/**
 * Streams a log of many gigabytes through `skerry cut` and watches its memory,
 * which must not grow with the log. Nothing is written to disk.
 *
 *     deno run -A tools/flat_memory.ts [gigabytes, 10 where absent]
 */
import { connLog } from "../tests/bench/data.ts";

/** Rows of the block that is sent over and over, about 24 MB. */
const ROWS = 200_000;
/** Growth of peak memory after the first gigabyte that still counts as none. */
const ALLOWED_MB = 48;

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
