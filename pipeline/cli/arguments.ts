import {
  FEATURE_SETS,
  messageOf,
  type Parsed,
  PART_DOCS,
  UsageError,
} from "../mod.ts";
import type { Call, PageOptions } from "./command.ts";

/** Operand `i`. @throws UsageError where it is missing. */
export function operand(
  call: Call,
  i: number,
  command: string,
  what: string,
): string {
  const given = call.flags.operands[i];
  if (given !== undefined) return given;
  throw new UsageError(`Cannot run ${command}: give ${what}`, {
    hint: `see   skerry ${command.split(" ")[0]} --help`,
  });
}

export function numberFlag(
  call: Call,
  name: string,
  otherwise: number,
): number {
  const text = call.flags.text(name);
  if (text === undefined) return otherwise;
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new UsageError(
    `Cannot read --${name}: it must be a number, got ${JSON.stringify(text)}`,
  );
}

/** A score from 0 to 1. */
export function scoreFlag(call: Call, name: string, otherwise: number): number {
  const score = numberFlag(call, name, otherwise);
  if (score >= 0 && score <= 1) return score;
  throw new UsageError(
    `Cannot read --${name}: it must be a number in [0, 1], got ${score}`,
  );
}

export function limitOf(call: Call, otherwise: number): number {
  const limit = numberFlag(call, "limit", otherwise);
  if (Number.isInteger(limit) && limit >= 0) return limit;
  throw new UsageError(
    `Cannot read --limit: it must be a whole number, got ${limit}`,
  );
}

/** The flags of `PAGE`. */
export function pageOf(call: Call): PageOptions {
  const importRoots = call.flags.texts("allow-import").map(absolute);
  return { port: portOf(call), importRoots, timeZone: call.timeZone };
}

function portOf(call: Call): number {
  const port = numberFlag(call, "port", 8000);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(
    `Cannot serve: --port must be an integer in [0, 65535], got ${port}`,
  );
}

export function choice<T extends string>(
  flags: Parsed,
  name: string,
  values: readonly T[],
): T | undefined {
  const text = flags.text(name);
  if (text === undefined || values.includes(text as T)) {
    return text as T | undefined;
  }
  throw new UsageError(
    `Cannot read --${name}: it must be one of ${values.join(", ")}, got ${
      JSON.stringify(text)
    }`,
  );
}

/** The parts that --without names. @throws UsageError for one that there is not. */
export function withoutOf({ flags }: Call): string[] | undefined {
  const names = flags.text("without")?.split(",").map((name) => name.trim());
  const unknown = names?.find((name) => !Object.hasOwn(PART_DOCS, name));
  if (unknown === undefined) return names;
  throw new UsageError(
    `Cannot read --without: ${JSON.stringify(unknown)} is no part of the score`,
    { hint: `there are ${Object.keys(PART_DOCS).join(", ")}` },
  );
}

export function featuresFlag(call: Call, otherwise: string): string {
  const names = FEATURE_SETS.map((set) => set.name);
  return choice(call.flags, "features", names) ?? otherwise;
}

/** A flag's text, parsed; undefined where it is not given. */
export function parsedFlag<T>(
  { flags }: Call,
  name: string,
  parse: (text: string) => T,
): T | undefined {
  const text = flags.text(name);
  return text === undefined ? undefined : understood(() => parse(text));
}

/** Turns what a parser throws into a usage error. */
export function understood<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(messageOf(error), { cause: error });
  }
}

export const listing = (call: Call) => ({
  terminal: call.terminal,
  timeZone: call.timeZone,
  limit: limitOf(call, 10),
});

export const optionsOf = ({ signal, progress }: Call) => ({
  signal,
  onProgress: progress.show,
});

/** Without a final slash, so that one folder is one dataset. */
export function absolute(path: string): string {
  const base = new URL(`file://${Deno.cwd()}/`);
  const url = new URL(path.replace(/[%?#]/g, encodeURIComponent), base);
  const full = decodeURIComponent(url.pathname);
  return full.length > 1 && full.endsWith("/") ? full.slice(0, -1) : full;
}
