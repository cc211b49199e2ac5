import { FIELDS, type QueryContext, SORTS } from "./finding_fields.ts";
import type { ListedFinding } from "./finding_view.ts";

export type { QueryContext } from "./finding_fields.ts";

/** A term that could not be understood, by where it stands. */
export interface QueryError {
  /** Indices into the query's text, from ≤ i < to. */
  readonly from: number;
  readonly to: number;
  /** A sentence without a full stop. */
  readonly reason: string;
}

export interface FindingQuery {
  readonly text: string;
  /** Terms with an error are left out. */
  readonly errors: readonly QueryError[];
  /** Whether what the safelist hides is asked for, too. */
  readonly withHidden: boolean;
  /** Whether all terms fit. */
  matches(finding: ListedFinding, context: QueryContext): boolean;
  /**
   * Findings by rank → as `sort:` asks, ties by rank; as they are where it
   * does not.
   */
  sorted(findings: ListedFinding[]): ListedFinding[];
}

interface Token {
  readonly from: number;
  readonly to: number;
  readonly not: boolean;
  /** Null for free text. */
  readonly name: string | null;
  readonly value: string;
}

type Test = (finding: ListedFinding, context: QueryContext) => boolean;

/**
 * Reads a query over findings: terms separated by spaces, all of which must
 * fit. `name:value` is one of {@link FIELDS}; a comma means or, `-` or `!`
 * before a term means not, quotes keep spaces together. Any other word must
 * occur in source, destination, name, detector, sentence or what else it was
 * seen as. Never throws: what is wrong is listed with its place. The syntax
 * follows the search of RITA v5.
 *
 * ```ts
 * import { parseQuery } from "./finding_query.ts";
 * import assert from "node:assert/strict";
 *
 * const { errors } = parseQuery("src:10.0.0.0/8 prot:443 beacon:>=90");
 * assert.deepEqual(errors.map(({ from, to }) => [from, to]), [[15, 23]]);
 * ```
 */
export function parseQuery(text: string): FindingQuery {
  const errors: QueryError[] = [];
  const tests: Test[] = [];
  let sorted: FindingQuery["sorted"] = (findings) => findings;
  let withHidden = false;
  for (const token of tokensOf(text)) {
    try {
      if (token.name === "sort") sorted = sortOf(token.value);
      else {
        if (asksForHidden(token)) withHidden = true;
        tests.push(testOf(token));
      }
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const { from, to } = token;
      errors.push({ from, to, reason: error.message });
    }
  }
  return {
    text,
    errors,
    withHidden,
    matches: (finding, context) =>
      tests.every((fits) => fits(finding, context)),
    sorted,
  };
}

const TOKEN =
  /([-!]?)(?:([a-z][a-z0-9]*):((?:"[^"]*"?|[^\s"])*)|((?:"[^"]*"?|[^\s"])+))|\S/gi;

function* tokensOf(text: string): Generator<Token> {
  for (const match of text.matchAll(TOKEN)) {
    const [whole, sign = "", name = null, given, free = whole] = match;
    yield {
      from: match.index,
      to: match.index + whole.length,
      not: sign !== "",
      name: name && name.toLowerCase(),
      value: (given ?? free).replaceAll('"', ""),
    };
  }
}

const asksForHidden = ({ name, value, not }: Token) =>
  !not && name === "is" && /^(hidden|any)$/i.test(value);

function testOf({ name, value, not }: Token): Test {
  const fits = name === null ? anywhere(value) : fieldTest(name, value);
  return not ? (finding, context) => !fits(finding, context) : fits;
}

function fieldTest(name: string, value: string): Test {
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : null;
  if (field === null) {
    throw new SyntaxError(
      `there is no term ${name}:, but ${Object.keys(FIELDS).join(", ")}, sort`,
    );
  }
  const parts = value.split(",").filter((part) => part !== "");
  if (parts.length === 0) {
    throw new SyntaxError(`write a value after ${name}:, ${field.doc}`);
  }
  const tests = parts.map((part) => field.parse(part));
  return (finding, context) => tests.some((fits) => fits(finding, context));
}

function anywhere(text: string): Test {
  const wanted = text.toLowerCase();
  return ({ src, dst, name, detector, summary, alsoSeenAs }) =>
    [src, dst, name, detector, summary, ...alsoSeenAs].some((part) =>
      part !== null && part.toLowerCase().includes(wanted)
    );
}

function sortOf(value: string): FindingQuery["sorted"] {
  const [, name, way = "desc"] = value.match(/^(.*?)(?:-(asc|desc))?$/)!;
  if (!Object.hasOwn(SORTS, name)) {
    throw new SyntaxError(
      `cannot sort by ${JSON.stringify(name)}: write one of ${
        Object.keys(SORTS).join(", ")
      }, with -asc or -desc`,
    );
  }
  const key = SORTS[name];
  const sign = way === "asc" ? 1 : -1;
  // Each key is made once: 100,000 findings are compared 17 times each.
  return (findings) => {
    const keys = findings.map(key);
    const order = Uint32Array.from(keys.keys())
      .sort((i, j) => sign * ordered(keys[i], keys[j], sign) || i - j);
    return Array.from(order, (i) => findings[i]);
  };
}

/** What is not known comes last, whichever way it is sorted. */
function ordered(
  a: number | string | null,
  b: number | string | null,
  sign: number,
): number {
  if (a === b) return 0;
  if (a === null) return sign;
  if (b === null) return -sign;
  return a < b ? -1 : 1;
}

/**
 * The errors under the query, as a terminal shows them.
 *
 * ```ts
 * import { parseQuery, queryErrorText } from "./finding_query.ts";
 * import assert from "node:assert/strict";
 *
 * const text = queryErrorText(parseQuery("port:x"));
 * assert.equal(text.split("\n")[1], "    ^^^^^^");
 * ```
 */
export function queryErrorText({ text, errors }: FindingQuery): string {
  return errors.map(({ from, to, reason }) =>
    `    ${text}\n    ${" ".repeat(from)}${
      "^".repeat(to - from)
    }\n    ${reason}`
  ).join("\n");
}
