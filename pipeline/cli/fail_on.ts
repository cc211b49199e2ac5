import { atLeast, type Finding, type Flag, type Severity } from "../mod.ts";
import { choice } from "./arguments.ts";
import type { Call } from "./command.ts";
import { note } from "./output.ts";

const LEVELS = ["critical", "high", "medium", "low"] as const;

export const FAIL_ON: Flag = {
  name: "fail-on",
  value: LEVELS.join("|"),
  doc: "exit code 3 when a finding of at least that severity is listed",
};

export const ONLY_CHANGED: Flag = {
  name: "only-changed",
  doc:
    "list only findings that are new, raised or lowered since the run before",
};

/** What `--fail-on` says; to be asked before the work begins. */
export function failLevel({ flags }: Call): Severity | undefined {
  return choice(flags, "fail-on", LEVELS);
}

/** @returns 3 when a finding is as severe as `--fail-on` says, else 0. */
export function failCode(
  level: Severity | undefined,
  findings: readonly Finding[],
): number {
  if (level === undefined) return 0;
  const severe = findings.filter(({ severity }) => atLeast(severity, level));
  if (severe.length === 0) return 0;
  note(`  ${severe.length} at least ${level}: exit code 3\n`);
  return 3;
}
