// Loaded where it is used: it would be part of every process that is measured.
import defer * as process from "node:process";

/** What one side of a comparison took, in a process of its own. */
export interface Measured {
  /** Wall time, the median of the repeats. */
  readonly ms: number;
  /** The shortest of the repeats, which other programs disturb least. */
  readonly best?: number;
  /** Peak resident memory of the process, MiB. */
  readonly rss: number;
  /** Something of the result that both sides should agree on. */
  readonly value: number;
  /** Sum of orig_bytes, where both sides can tell it. */
  readonly sum?: number;
}

/** One line of the table. */
export interface Comparison {
  readonly workload: string;
  readonly ours: Measured;
  /** What ours is compared with, or why it could not be measured. */
  readonly theirs: Measured | { readonly skipped: string };
  /** "scikit-learn, 1 thread". */
  readonly against: string;
  /** Rows gone through in that time, where the rate is what counts. */
  readonly rows?: number;
  /** Bytes of log gone through, where that rate is what counts. */
  readonly bytes?: number;
}

/** Yields its comparisons; all files are made in and read from `folder`. */
export type Bench = (folder: string) => AsyncGenerator<Comparison>;

/** What reading logs is compared with besides what Debian has. */
export interface BenchOptions {
  readonly peers?: boolean;
}

const PYTHON = Deno.build.os === "windows" ? "python" : "/usr/bin/python3";

/** Runs a workload of ours.ts, or the workflow's own program. */
export function runOurs(workload: string, folder: string): Promise<Measured> {
  const args = workload === "workflow"
    ? ["workflow_ours.ts", folder]
    : ["ours.ts", workload, folder];
  args[0] = new URL(args[0], import.meta.url).pathname;
  return measured(Deno.execPath(), ["run", "-A", ...args]);
}

/** Runs a workload of theirs.py. */
export function runTheirs(
  workload: string,
  folder: string,
  threads: number,
): Promise<Measured> {
  const script = new URL("theirs.py", import.meta.url).pathname;
  return measured(PYTHON, [script, workload, folder], threadsOf(threads));
}

/** Runs a script beside this one that prints JSON. */
export function runPython<T>(
  name: string,
  args: readonly string[],
  threads: number,
): Promise<T> {
  const script = new URL(name, import.meta.url).pathname;
  return run<T>(PYTHON, [script, ...args], threadsOf(threads));
}

/**
 * The environment with that many threads. Settings that pin OpenBLAS to another
 * machine's kernel or cache are taken away: they would make it slower than it
 * is.
 */
function threadsOf(threads: number): Record<string, string> {
  const env = Deno.env.toObject();
  delete env.OPENBLAS_CORETYPE;
  delete env.OPENBLAS_L2_SIZE;
  for (const name of ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"]) {
    env[name] = String(threads);
  }
  return env;
}

/** Runs a command that prints nothing of use, some times over. */
export async function runCommand(
  repeats: number,
  command: string,
  args: string[],
  value: number,
): Promise<Measured | { readonly skipped: string }> {
  const times: number[] = [];
  try {
    for (let i = 0; i < repeats; i++) {
      const started = performance.now();
      await new Deno.Command(command, { args, stdout: "null" }).output();
      times.push(performance.now() - started);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { skipped: `there is no ${command}` };
  }
  times.sort((a, b) => a - b);
  return { ms: times[times.length >> 1], best: times[0], rss: NaN, value };
}

/** Whether Python can import the module. */
export async function hasModule(name: string): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(PYTHON, {
      args: ["-c", `import ${name}`],
      stderr: "null",
    }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** A workload against scikit-learn, the better of one and two threads. */
export async function againstScikitLearn(
  workload: string,
  name: string,
  folder: string,
): Promise<Comparison> {
  const ours = await runOurs(name, folder);
  if (!await hasModule("sklearn")) {
    const skipped = "Python has no sklearn (Debian: python3-sklearn)";
    return { workload, ours, theirs: { skipped }, against: "scikit-learn" };
  }
  const one = await runTheirs(name, folder, 1);
  const two = await runTheirs(name, folder, 2);
  const [theirs, threads] = one.ms <= two.ms ? [one, "1 thread"] : [
    two,
    "2 threads",
  ];
  return { workload, ours, theirs, against: `scikit-learn, ${threads}` };
}

/** The median and the best of `repeats` runs, and what the last gave. */
export async function timed(
  repeats: number,
  work: () => Promise<number> | number,
): Promise<Measured> {
  const times: number[] = [];
  let value = 0;
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    value = await work();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const [best] = times;
  return { ms: times[times.length >> 1], best, rss: await peakRss(), value };
}

/**
 * Peak resident memory of this process, MiB. Linux's own count: that of
 * getrusage begins with what the parent had when it made the process.
 */
export async function peakRss(): Promise<number> {
  if (Deno.build.os !== "linux") return process.resourceUsage().maxRSS / 1024;
  const status = await Deno.readTextFile("/proc/self/status");
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)![1]) / 1024;
}

/** As {@link run}; a workload without a time of its own is timed cold. */
async function measured(
  command: string,
  args: string[],
  env?: Record<string, string>,
): Promise<Measured> {
  const started = performance.now();
  const got = await run<Omit<Measured, "ms"> & { ms?: number }>(
    command,
    args,
    env,
  );
  return { ...got, ms: got.ms ?? performance.now() - started };
}

/** Runs a program of its own and reads the JSON that it prints. */
export async function run<T>(
  command: string,
  args: string[],
  env?: Record<string, string>,
): Promise<T> {
  const { success, stdout } = await new Deno.Command(command, {
    args,
    env,
    clearEnv: env !== undefined,
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot run ${command} ${args.join(" ")}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}
