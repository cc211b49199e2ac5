/** The hunt in generated connections, in a process of its own, as text. */
import type { HuntCost, StepCost } from "./hunt_ours.ts";
import { run } from "./run.ts";

/** Lines of a table for each number of connections. */
export async function* huntBench(
  sizes: readonly number[],
): AsyncGenerator<string> {
  const script = new URL("hunt_ours.ts", import.meta.url).pathname;
  for (const rows of sizes) {
    // As `deno task hunt` has it.
    const flag = "--v8-flags=--max-semi-space-size=4";
    const args = ["run", "-A", flag, script, String(rows)];
    yield* linesOf(await run<HuntCost>(Deno.execPath(), args));
  }
}

function* linesOf(cost: HuntCost): Generator<string> {
  const { connections, pairs, measured, findings } = cost;
  yield `${count(connections)} connections, ${count(pairs)} pairs, ` +
    `${count(measured)} measured, ${count(findings)} findings ${cost.digest}`;
  for (const step of ["loading", "measuring", "scoring"] as const) {
    yield stepLine(step, cost[step]);
  }
  const perConnection = (mib: number) =>
    ((mib - cost.baseRss) * 2 ** 20 / connections).toFixed(0);
  yield `  memory     loaded ${cost.loadedRss.toFixed(0)} MiB, ` +
    `${perConnection(cost.loadedRss)} B per connection; peak ${
      cost.peakRss.toFixed(0)
    } MiB, ${perConnection(cost.peakRss)} B per connection`;
}

function stepLine(step: string, { wall, cpu }: StepCost): string {
  return `  ${step.padEnd(10)} ${wall.toFixed(2)} s, CPU ${cpu.toFixed(2)} s`;
}

function count(n: number): string {
  return n.toLocaleString("en");
}
