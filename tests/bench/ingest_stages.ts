/**
 * What each stage of reading a log takes on one thread, in batches that are
 * lent: deno run -A ingest_stages.ts FILE ROUNDS [FIELD …]. Of each call, and
 * each call of a round has its like in the others, the shortest counts: what
 * other programs take away is left out. Prints JSON.
 */
import { findLogs } from "../../pipeline/ingest/mod.ts";
import { KernelColumns } from "../../pipeline/ingest/kernel_columns.ts";
import { readPart } from "../../pipeline/ingest/read_part.ts";
import { SharedRooms } from "../../pipeline/ingest/shared_rooms.ts";

/** What was measured of a log. */
export interface Stages {
  /** Shortest times of all calls added, ms, by stage. */
  readonly stages: Readonly<Record<string, number>>;
  /** Wall time of the rounds, ms. */
  readonly best: number;
  readonly median: number;
  readonly bytes: number;
}

/** Shortest time of each call in a round, by stage. */
const shortest = new Map<string, number[]>();
/** Calls of this round. */
const calls = new Map<string, number>();

function timed<A extends unknown[], R>(
  stage: string,
  work: (...args: A) => R,
): (...args: A) => R {
  return function (this: unknown, ...args: A): R {
    const started = performance.now(), result = work.apply(this, args);
    const took = performance.now() - started;
    const times = shortest.get(stage) ?? [], i = calls.get(stage) ?? 0;
    times[i] = Math.min(times[i] ?? Infinity, took);
    shortest.set(stage, times);
    calls.set(stage, i + 1);
    return result;
  };
}

const KERNELS: Readonly<Record<string, string>> = {
  indexText: "index",
  parseTsv: "columns",
  parseJson: "columns",
};

/** Has the parsers of this process timed, as they are made later. */
function watch(): void {
  const { Instance } = WebAssembly;
  WebAssembly.Instance = function (module: WebAssembly.Module) {
    const { exports } = new Instance(module);
    const watched = Object.entries(exports).map(([name, value]) => [
      name,
      name in KERNELS
        ? timed(KERNELS[name], value as (...args: unknown[]) => unknown)
        : value,
    ]);
    return { exports: Object.fromEntries(watched) };
  } as unknown as typeof Instance;
  const file = Deno.FsFile.prototype, columns = KernelColumns.prototype;
  file.readSync = timed("read", file.readSync);
  columns.finish = timed("copy", columns.finish);
}

async function measure(
  path: string,
  rounds: number,
  names: readonly string[],
): Promise<Stages> {
  const { logs: [log] } = await findLogs(path);
  const rooms = new SharedRooms(), walls: number[] = [];
  const fields = names.length > 0 ? new Set(names) : undefined;
  watch();
  for (let i = 0; i < rounds; i++) {
    calls.clear();
    const started = performance.now();
    const batches = readPart(log, { from: 0 }, { fields }, {
      memory: (bytes) => rooms.take(bytes),
    });
    for await (const { memory } of batches) rooms.free(rooms.numberOf(memory));
    walls.push(performance.now() - started);
  }
  walls.sort((a, b) => a - b);
  const stages = Object.fromEntries(
    Array.from(shortest, ([stage, times]) => [
      stage,
      times.reduce((sum, ms) => sum + ms, 0),
    ]),
  );
  const [best] = walls;
  return { stages, best, median: walls[rounds >> 1], bytes: log.size };
}

const [path, rounds, ...fields] = Deno.args;
console.log(JSON.stringify(await measure(path, Number(rounds), fields)));
