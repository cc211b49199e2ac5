import { messageOf, SkerryError } from "../errors.ts";
import { SEVERITIES } from "../finding.ts";
import { BEHAVIOUR_DOCS, type BenignClass, LIFT_DOCS } from "./benign_class.ts";
import { type BenignEdits, type BenignList, SHIPPED } from "./benign_list.ts";
import { type LookupClass, SIGNAL_DOCS } from "./dns_classes.ts";

type Entry = Readonly<Record<string, unknown>>;

/** Why a value is refused; null where it is right. */
type Check = (value: unknown, entry: Entry) => string | null;

const SECTIONS: readonly (keyof BenignList)[] = ["pairs", "lookups"];

/**
 * Reads a user's list of benign classes: JSON with `pairs` and `lookups`, each
 * a list of entries as `skerry benign export` prints them, or
 * `{ "name": …, "remove": true }` for one that shall not count.
 *
 * ```ts
 * import { parseBenign } from "./benign_file.ts";
 * import assert from "node:assert/strict";
 *
 * const { pairs } = parseBenign(
 *   `{ "pairs": [{
 *     "name": "our backup", "doc": "nightly copies", "ports": ["tcp/8400"],
 *     "behaviours": ["inside"], "must": ["port", "inside"], "needs": 2,
 *     "effect": -2, "cap": "low"
 *   }] }`,
 *   "benign.json",
 * );
 * assert.equal(pairs[0].name, "our backup");
 * ```
 * @param path for messages.
 * @throws SkerryError with file, entry, field and value for the first that
 * cannot be used.
 */
export function parseBenign(text: string, path: string): BenignEdits {
  const document = documentOf(text, path);
  const removed: Record<keyof BenignList, string[]> = {
    pairs: [],
    lookups: [],
  };
  const read = (section: keyof BenignList): Entry[] => {
    const list = document[section] ?? [];
    if (!Array.isArray(list)) {
      throw refused(path, section, "", list, "it must be a list of entries");
    }
    const names = new Set<string>();
    const entries: Entry[] = [];
    for (const [i, value] of list.entries()) {
      const at = `${section}[${i}]`;
      const entry = checked(value, path, at, FIELDS[section]);
      const name = String(entry.name);
      if (names.has(name)) {
        throw refused(path, at, "name", name, "another entry has it, too");
      }
      names.add(name);
      if (entry.remove === true) {
        removed[section].push(shippedName(section, name, path, at));
      } else entries.push(entry);
    }
    return entries;
  };
  return {
    pairs: read("pairs").map(pairClass),
    lookups: read("lookups").map((entry) => entry as unknown as LookupClass),
    removed,
  };
}

function shippedName(
  section: keyof BenignList,
  name: string,
  path: string,
  at: string,
): string {
  const known = SHIPPED[section].map((one) => one.name);
  if (known.includes(name)) return name;
  throw refused(
    path,
    at,
    "name",
    name,
    `there is no such class to remove; there are ${known.join(", ")}`,
  );
}

function documentOf(text: string, path: string): Entry {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new SkerryError(`Cannot read ${path}: ${messageOf(cause)}`, {
      cause,
      hint: "skerry benign export prints a list that can be edited",
    });
  }
  if (!isEntry(document)) {
    throw refused(path, "", "", document, "it must hold pairs or lookups");
  }
  for (const key of Object.keys(document)) {
    if ((SECTIONS as readonly string[]).includes(key)) continue;
    throw refused(
      path,
      "",
      key,
      document[key],
      `there is only ${SECTIONS.join(" and ")}`,
    );
  }
  return document;
}

/** @throws SkerryError for an entry with a field that is wrong or missing. */
function checked(
  entry: unknown,
  path: string,
  at: string,
  fields: Readonly<Record<string, Check>>,
): Entry {
  if (!isEntry(entry)) {
    throw refused(path, at, "", entry, "it must be an object");
  }
  const which = typeof entry.name === "string" ? `${at} (${entry.name})` : at;
  if (entry.remove !== undefined) {
    const other = Object.keys(entry).find((key) =>
      key !== "name" && key !== "remove"
    );
    const why = entry.remove !== true
      ? "it must be true, or left out"
      : other
      ? `an entry that is removed has nothing but its name, not ${other}`
      : isText(entry.name, entry);
    if (why) throw refused(path, which, "remove", entry.remove, why);
    return entry;
  }
  for (const key of Object.keys(entry)) {
    if (Object.hasOwn(fields, key)) continue;
    const known = Object.keys(fields).join(", ");
    throw refused(path, which, key, entry[key], `the fields are ${known}`);
  }
  for (const [key, check] of Object.entries(fields)) {
    const why = check(entry[key], entry);
    if (why) throw refused(path, which, key, entry[key], why);
  }
  return entry;
}

function refused(
  path: string,
  at: string,
  field: string,
  value: unknown,
  why: string,
): SkerryError {
  const shown = (JSON.stringify(value) ?? "missing").slice(0, 200);
  const what = [at, field].filter(Boolean).join(" ");
  return new SkerryError(
    `Cannot read ${path}: ${what === "" ? "" : `${what}: `}${shown}: ${why}`,
    { hint: "skerry benign --help tells of every field" },
  );
}

const isEntry = (value: unknown): value is Entry =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isText: Check = (value) =>
  typeof value === "string" && value.trim() !== "" && value.length <= 200
    ? null
    : "it must be a text of 1 to 200 characters";

const optional = (check: Check): Check => (value, entry) =>
  value === undefined ? null : check(value, entry);

const listOf =
  (isGood: (value: string) => boolean, what: string): Check => (value) => {
    if (!Array.isArray(value)) return `it must be a list of ${what}`;
    const bad = value.find((one) => typeof one !== "string" || !isGood(one));
    return bad === undefined
      ? null
      : `${JSON.stringify(bad)} is wrong in a list of ${what}`;
  };

const DOMAIN = /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/;
const isDomains = listOf(
  (name) => DOMAIN.test(name),
  "domains in lower case, without * (names under them count)",
);
const isPorts = listOf((port) => {
  const match = /^(?:tcp|udp)\/([1-9]\d{0,4})$/.exec(port);
  return match !== null && Number(match[1]) <= 65_535;
}, 'ports such as "tcp/443" or "udp/123"');

const isPattern: Check = (value) => {
  if (typeof value !== "string" || value === "") {
    return "it must be a regular expression as text";
  }
  try {
    new RegExp(value, "i");
    return null;
  } catch (error) {
    return messageOf(error);
  }
};

const isEffect: Check = (value) =>
  typeof value === "number" && value >= -10 && value <= 0
    ? null
    : "it must be a number from -10 to 0, in log-odds";

const isCap: Check = (value) =>
  (SEVERITIES as readonly unknown[]).includes(value)
    ? null
    : `it must be one of ${SEVERITIES.join(", ")}`;

const SIGNALS = ["name", ...Object.keys(SIGNAL_DOCS)];

const oneOfList = (names: readonly string[]) =>
  listOf((name) => names.includes(name), names.join(", "));

/** The signals that an entry can give at all. */
function possible(entry: Entry): string[] {
  return [
    ...(entry.names ? ["name"] : []),
    ...(entry.ports ? ["port"] : []),
    ...(entry.agents ? ["agent"] : []),
    ...(Array.isArray(entry.behaviours) ? entry.behaviours : []),
  ];
}

const isMust: Check = (value, entry) => {
  const signals = possible(entry);
  const why = oneOfList(signals)(value, entry);
  if (why) return `${why}, which the entry gives`;
  return (value as unknown[]).length > 0
    ? null
    : "one signal at least must be there";
};

const isNeeds: Check = (value, entry) => {
  const most = new Set(possible(entry)).size;
  return Number.isInteger(value) && Number(value) >= 2 && Number(value) <= most
    ? null
    : `it must be an integer from 2 to ${most}, the signals of the entry: one alone clears nothing`;
};

/** Of look-ups two signals are asked for by `must` and `oneOf` together. */
const isTwo: Check = (value, entry) => {
  const why = oneOfList(SIGNALS)(value, entry);
  if (why) return why;
  const alone = new Set(Array.isArray(entry.must) ? entry.must : []);
  if (alone.size === 0) return "must has to name a signal beside it";
  return (value as string[]).some((signal) => !alone.has(signal))
    ? null
    : "it must name a signal that must does not: one alone clears nothing";
};

const FIELDS: Readonly<
  Record<keyof BenignList, Readonly<Record<string, Check>>>
> = {
  pairs: {
    name: isText,
    doc: isText,
    names: optional(isDomains),
    ports: optional(isPorts),
    agents: optional(isPattern),
    behaviours: oneOfList(Object.keys(BEHAVIOUR_DOCS)),
    must: isMust,
    oneOf: optional(oneOfList(["name", "agent"])),
    needs: isNeeds,
    effect: isEffect,
    cap: isCap,
    liftedBy: optional(oneOfList(Object.keys(LIFT_DOCS))),
  },
  lookups: {
    name: isText,
    doc: isText,
    names: isDomains,
    must: oneOfList(SIGNALS),
    oneOf: isTwo,
    effect: isEffect,
    cap: isCap,
  },
};

function pairClass({ agents, ...rest }: Entry): BenignClass {
  return {
    ...rest,
    ...(agents === undefined
      ? {}
      : { agents: new RegExp(String(agents), "i") }),
  } as unknown as BenignClass;
}
