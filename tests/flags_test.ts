import assert from "node:assert/strict";
import { COMMANDS } from "../pipeline/cli/mod.ts";
import { UsageError } from "../pipeline/errors.ts";
import {
  type CommandSpec,
  helpText,
  paramFlags,
  parseFlags,
} from "../pipeline/flags.ts";

const PARAMS = {
  minSamples: { kind: "integer", default: 10, min: 1, max: 99, doc: "rows" },
  sizes: {
    kind: "integers",
    default: [5, 3],
    min: 1,
    max: 9,
    maxLength: 2,
    doc: "units",
  },
  init: { kind: "choice", default: "a", values: ["a", "b"], doc: "start" },
  shuffle: { kind: "boolean", default: true, doc: "more than minSamples" },
} as const;

const SPEC: CommandSpec = {
  name: "cluster",
  operands: "DIR",
  maxOperands: 1,
  doc: "Clusters.",
  flags: [
    { name: "json", value: "FILE|-", doc: "write JSON" },
    { name: "no-color", doc: "no colours" },
    { name: "help", short: "h", doc: "this text" },
    ...paramFlags(PARAMS),
  ],
  examples: [["skerry cluster ./logs", "does it"]],
};

const parse = (...args: string[]) => parseFlags(SPEC, args);

/** The UsageError that these arguments cause. */
function refusal(...args: string[]): UsageError {
  try {
    parse(...args);
  } catch (error) {
    assert.ok(error instanceof UsageError, String(error));
    return error;
  }
  throw new Error(`accepted ${args.join(" ")}`);
}

Deno.test("parseFlags tells operands, texts and switches apart in any order", () => {
  for (
    const args of [
      ["./logs", "--json", "a.json", "--no-color"],
      ["--no-color", "--json=a.json", "./logs"],
    ]
  ) {
    const parsed = parse(...args);
    assert.deepEqual(parsed.operands, ["./logs"]);
    assert.equal(parsed.text("json"), "a.json");
    assert.ok(parsed.on("no-color") && !parsed.on("help"));
  }
  assert.ok(parse("-h").on("help"));
  assert.equal(parse().text("json"), undefined);
});

Deno.test("parseFlags takes a lone minus as the value of the flag before it", () => {
  assert.equal(parse("d", "--json", "-").text("json"), "-");
  assert.equal(parse("d", "--json=-").text("json"), "-");
  assert.deepEqual(parse("-").operands, ["-"]);
  assert.deepEqual(parse("--", "-").operands, ["-"]);
  assert.deepEqual(parse("--json=a", "-").operands, ["-"]);
});

Deno.test("parseFlags suggests the nearest flag for one that is not known", () => {
  const near = refusal("d", "--jsno", "x");
  assert.equal(near.message, "Cannot run cluster: there is no flag --jsno");
  assert.equal(
    near.hint,
    "did you mean --json? All flags: skerry cluster --help",
  );
  assert.match(refusal("--min-sample", "3").hint!, /--min-samples\?/);
  const far = refusal("--zzzzzzzz");
  assert.equal(far.hint, "see   skerry cluster --help");
});

Deno.test("parseFlags refuses a missing value, a value too many and an operand too many", () => {
  for (
    const [args, says] of [
      [["d", "--json"], "--json needs a value"],
      [
        ["d", "--json", "--help"],
        "--json needs a value; write one that begins with - as --json=-…",
      ],
      [["--no-color=yes"], "--no-color takes no value"],
      [["--help=yes"], "--help takes no value"],
    ] as const
  ) {
    assert.equal(refusal(...args).message, `Cannot run cluster: ${says}`);
  }
  assert.equal(
    refusal("a", "b", "c").message,
    'Cannot run cluster: "b" is one operand too many',
  );
});

Deno.test("Parsed.params holds the given parameters only, checked against the table", () => {
  const parsed = parse("--min-samples", "3", "--sizes", "4,2", "--init", "b");
  assert.deepEqual(parsed.params("fit", PARAMS), {
    minSamples: 3,
    sizes: [4, 2],
    init: "b",
  });
  assert.deepEqual(parse().params("fit", PARAMS), {});
  const bad: [flag: string, value: string, message: RegExp][] = [
    ["--min-samples", "0", /minSamples must be an integer in \[1, 99\], got 0/],
    ["--min-samples", "few", /minSamples must be .* got "few"/],
    ["--sizes", "4,2,1", /sizes must be 1 to 2 integers in \[1, 9\]/],
    ["--init", "c", /init must be one of a, b, got "c"/],
  ];
  for (const [flag, value, message] of bad) {
    assert.throws(
      () => parse(flag, value).params("fit", PARAMS),
      (error) => error instanceof UsageError && message.test(error.message),
    );
  }
});

Deno.test("helpText states every flag with its default and range", () => {
  const help = helpText(SPEC);
  assert.match(help, /^Usage: skerry cluster DIR \[flags\]\n/);
  assert.match(help, /--min-samples N +rows \(default 10, \[1, 99\]\)/);
  assert.match(help, /--init a\|b +start \(default a\)/);
  assert.match(
    help,
    /--shuffle true\|false +more than --min-samples \(default true\)/,
  );
  assert.match(help, /-h, --help/);
  assert.match(help, /skerry cluster \.\/logs\n {6}does it/);
});

Deno.test("COMMANDS names every command and flag once and only shows flags that parse", () => {
  const names = COMMANDS.map(({ spec }) => spec.name);
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.length >= 11);
  for (const { spec } of COMMANDS) {
    const flags = spec.flags.map(({ name }) => name);
    assert.equal(new Set(flags).size, flags.length, spec.name);
    for (const [example] of spec.examples) {
      const [skerry, name, ...args] = example.match(/'[^']*'|\S+/g) ?? [];
      assert.deepEqual([skerry, name], ["skerry", spec.name]);
      parseFlags(spec, args);
    }
  }
});

Deno.test("every command has a task of its name", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  for (const { spec: { name } } of COMMANDS) {
    const task = tasks[name]?.command ?? tasks[name];
    assert.match(String(task), new RegExp(`main\\.ts ${name}$|tools/${name}`));
  }
});
