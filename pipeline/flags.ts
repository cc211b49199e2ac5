import defer * as process from "node:process";
import { messageOf, UsageError } from "./errors.ts";
import {
  checkParams,
  flagOf,
  type Param,
  type Params,
  parseParam,
  rangeOf,
  type ValuesOf,
} from "./options.ts";
import { columns, wrap } from "./wording.ts";

/** One flag of a command; flags of a model's parameter carry its row. */
export interface Flag {
  readonly name: string;
  /** What its value is called in the help; absent for a switch. */
  readonly value?: string;
  readonly short?: string;
  /** It may be given several times; all its values count. */
  readonly many?: boolean;
  readonly doc: string;
  readonly param?: { readonly name: string; readonly row: Param };
}

/** A command as data: what it takes, what it does, examples. */
export interface CommandSpec {
  readonly name: string;
  /** After the name, as in "DIR". */
  readonly operands: string;
  readonly maxOperands: number;
  readonly doc: string;
  readonly flags: readonly Flag[];
  readonly examples: readonly (readonly [command: string, does: string])[];
}

/** How parameters name each other, as minSamples. */
const CAMEL_CASE = /\b[a-z]+(?:[A-Z][a-z]*)+\b/g;

/** Flags for every parameter of a table, as `--min-samples`. */
export function paramFlags(params: Params): Flag[] {
  return Object.entries(params).map(([name, row]) => ({
    name: flagOf(name),
    value: row.kind === "choice"
      ? row.values.join("|")
      : row.kind === "boolean"
      ? "true|false"
      : row.kind === "integers"
      ? "N,N"
      : "N",
    doc: docOf(row).replace(
      CAMEL_CASE,
      (other) => Object.hasOwn(params, other) ? `--${flagOf(other)}` : other,
    ),
    param: { name, row },
  }));
}

function docOf(row: Param): string {
  const range = row.kind === "integer" || row.kind === "number"
    ? `, ${rangeOf(row)}`
    : "";
  const unit = "unit" in row && row.unit ? ` ${row.unit}` : "";
  return `${row.doc} (default ${String(row.default)}${unit}${range})`;
}

export interface Parsed {
  readonly operands: readonly string[];
  /** Text of a flag, true for a switch. */
  text(name: string): string | undefined;
  /** Every value of a flag that may be given several times. */
  texts(name: string): readonly string[];
  on(name: string): boolean;
  /** The given parameters of a table, parsed and checked against it. */
  params<P extends Params>(
    what: string,
    table: P,
  ): Partial<ValuesOf<P>>;
}

/** As node:util takes it. */
interface FlagOption {
  readonly type: "string" | "boolean";
  readonly short?: string;
  readonly multiple?: boolean;
}

/**
 * @throws UsageError for an unknown flag, a missing value, or too many operands.
 */
export function parseFlags(
  spec: CommandSpec,
  args: readonly string[],
): Parsed {
  const options: Record<string, FlagOption> = {};
  for (const { name, value, short, many } of spec.flags) {
    options[name] = {
      type: value ? "string" : "boolean",
      ...(many ? { multiple: true } : {}),
      ...(short ? { short } : {}),
    };
  }
  const { values, positionals } = parse(spec, [...args], options);
  if (positionals.length > spec.maxOperands) {
    throw new UsageError(
      `Cannot run ${spec.name}: ${
        JSON.stringify(positionals[spec.maxOperands])
      } is one operand too many`,
      { hint: `see   skerry ${spec.name} --help` },
    );
  }
  return {
    operands: positionals,
    text: (name) => values[name] as string | undefined,
    texts: (name) => (values[name] ?? []) as string[],
    on: (name) => values[name] === true,
    params: (what, table) => paramsOf(what, table, values),
  };
}

function parse(
  spec: CommandSpec,
  args: string[],
  options: Record<string, FlagOption>,
) {
  try {
    // Where there are flags to parse: it takes 5 MB to load.
    return process.getBuiltinModule("node:util").parseArgs({
      args: minusIsAValue(args),
      options,
      allowPositionals: true,
    });
  } catch (error) {
    const [, unknown] = messageOf(error).match(/Unknown option '([^']+)'/) ??
      [];
    const near = unknown ? nearest(unknown, spec.flags) : undefined;
    throw new UsageError(
      unknown
        ? `Cannot run ${spec.name}: there is no flag ${unknown}`
        : `Cannot run ${spec.name}: ${valueProblem(messageOf(error))}`,
      {
        hint: near
          ? `did you mean --${near}? All flags: skerry ${spec.name} --help`
          : `see   skerry ${spec.name} --help`,
      },
    );
  }
}

/** What node:util says of a flag's value, in our words. */
function valueProblem(message: string): string {
  const flag = /'(?:-\w, )?(--[^ ']+)/.exec(message)?.[1];
  if (!flag) return message.split("\n")[0];
  return message.includes("does not take")
    ? `${flag} takes no value`
    : message.includes("ambiguous")
    ? `${flag} needs a value; write one that begins with - as ${flag}=-…`
    : `${flag} needs a value`;
}

/** `--json -` means standard output; node:util takes a lone "-" for an operand. */
function minusIsAValue(args: string[]): string[] {
  const out: string[] = [];
  for (const arg of args) {
    const before = out.at(-1);
    if (arg === "-" && before && /^--[^=]+$/.test(before)) {
      out[out.length - 1] = `${before}=-`;
    } else out.push(arg);
  }
  return out;
}

function nearest(unknown: string, flags: readonly Flag[]): string | undefined {
  const wanted = unknown.replace(/^-+/, "");
  let best: string | undefined, least = 3;
  for (const { name } of flags) {
    const d = editDistance(wanted, name);
    if (d < least) {
      least = d;
      best = name;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(
        row[j] + 1,
        next[j - 1] + 1,
        row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    }
    row = next;
  }
  return row[b.length];
}

function paramsOf<P extends Params>(
  what: string,
  table: P,
  values: Record<string, unknown>,
): Partial<ValuesOf<P>> {
  const given: Record<string, unknown> = {};
  for (const [name, row] of Object.entries(table)) {
    const text = values[flagOf(name)];
    if (typeof text === "string") given[name] = parseParam(row, text);
    else if (text === true) given[name] = true;
  }
  try {
    checkParams(what, table, given);
  } catch (error) {
    throw new UsageError(messageOf(error), { cause: error });
  }
  return given as Partial<ValuesOf<P>>;
}

/** The help of one command. */
export function helpText(spec: CommandSpec): string {
  const usage = `skerry ${spec.name} ${spec.operands}`.trimEnd();
  return [
    `Usage: ${usage} [flags]`,
    "",
    ...spec.doc.split("\n").flatMap((line) =>
      line.startsWith(" ") ? [line] : wrap(line, WIDTH)
    ),
    "",
    ...(spec.flags.length === 0
      ? []
      : ["Flags", ...spec.flags.flatMap(flagLines), ""]),
    "Examples",
    ...spec.examples.flatMap((
      [command, does],
    ) => [`  ${command}`, `      ${does}`]),
    "",
  ].join("\n");
}

/** Columns of the help, and those before a flag's text. */
const WIDTH = 100, INDENT = 27;

function flagLines({ name, value, short, doc }: Flag): string[] {
  const head = `${short ? `-${short}, ` : ""}--${name}${
    value ? ` ${value}` : ""
  }`;
  return columns(head, doc, INDENT, WIDTH);
}
