import type { Progress } from "../progress.ts";
import { count } from "../wording.ts";
import { styled, type Terminal } from "./terminal.ts";

const WIDTH = 40;

/**
 * One line for the state of a step: "reading  ████░░  66 %  31 204 of 45 631
 * pairs". A total that is not known shows only the count.
 */
export function progressLine(terminal: Terminal, progress: Progress): string {
  const { stage, done, total, unit } = progress;
  const label = stage.padEnd(10);
  if (total === undefined) return `  ${label} ${count(done)} ${unit}`;
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const full = Math.round(share * WIDTH);
  const [on, off] = terminal.unicode ? ["█", "░"] : ["#", "-"];
  const bar = styled(terminal, "accent", on.repeat(full)) +
    off.repeat(WIDTH - full);
  const percent = String(Math.floor(100 * share)).padStart(3);
  return `  ${label} ${bar} ${percent} %  ${amounts(done, total, unit)}`;
}

function amounts(done: number, total: number, unit: string): string {
  if (unit !== "bytes") return `${count(done)} of ${count(total)} ${unit}`;
  const mega = (bytes: number) => (bytes / 1e6).toFixed(1);
  return `${mega(done)} of ${mega(total)} MB`;
}

/**
 * Draws progress on a terminal, at most ten times a second; one plain line per
 * stage elsewhere. `write` gets raw text for stderr.
 */
export class ProgressPrinter {
  #last = 0;
  #stage = "";
  #drawn = false;

  constructor(
    readonly terminal: Terminal,
    readonly live: boolean,
    readonly write: (text: string) => void,
  ) {}

  readonly show = (progress: Progress): void => {
    const changed = progress.stage !== this.#stage;
    this.#stage = progress.stage;
    if (!this.live) return;
    const now = performance.now();
    const finished = progress.done === progress.total;
    if (!changed && !finished && now - this.#last < 100) return;
    this.#last = now;
    this.#drawn = true;
    this.write("\r\u001b[K" + progressLine(this.terminal, progress));
  };

  /** Removes the bar, so that the next text starts on a clean line. */
  clear(): void {
    if (this.#drawn) this.write("\r\u001b[K");
    this.#drawn = false;
    this.#stage = "";
  }
}
