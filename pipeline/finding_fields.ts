// The terms that a query over findings knows: one entry each, with how its
// value is written.
import { addressIn, parseNetwork } from "./address.ts";
import { parseDuration } from "./config.ts";
import { organisationText, SEVERITIES } from "./finding.ts";
import { parseSpan, parseWhen } from "./finding_times.ts";
import type { ListedFinding } from "./finding_view.ts";
import { LANES } from "./lanes.ts";
import { patternTest } from "./pattern.ts";

/** What a term may need besides the finding. */
export interface QueryContext {
  /** Epoch seconds from which "7 d ago" is counted: the window's end. */
  readonly now: number;
}

type Test = (finding: ListedFinding, context: QueryContext) => boolean;

interface FieldSpec {
  /** For people: "an address, a network or a pattern: 10.0.0.0/8". */
  readonly doc: string;
  /** @throws SyntaxError with the reason. */
  parse(value: string): Test;
}

type Text = (finding: ListedFinding) => string | null;
type Amount = (finding: ListedFinding, context: QueryContext) => number | null;

export const FIELDS: Readonly<Record<string, FieldSpec>> = {
  src: ends("source", (test) => ({ src }) => test(src)),
  dst: ends("destination", (test) => ({ dst }) => test(dst)),
  ip: ends(
    "source or destination",
    (test) => ({ src, dst }) => test(src) || test(dst),
  ),
  name: text(
    "name of the destination: *.example.com, or a part of it",
    (f) => f.name,
  ),
  org: text(
    "organisation of the destination or its AS number, or none: AS64500",
    (f) => organisationText(f.organisation) || "none",
  ),
  port: {
    doc: "destination port: 443, 443/tcp, >=1024",
    parse: parsePort,
  },
  proto: text("protocol: tcp, udp, icmp", (f) => f.proto),
  detector: text("detector, or a part of its name: beacon", (f) => f.detector),
  severity: {
    doc: `severity: ${SEVERITIES.join(", ")}; >=high for that and above`,
    parse: parseSeverity,
  },
  score: amount("score from 0 to 1: >=0.6", (f) => f.score),
  beacon: amount(
    "score of a beacon in percent: >=90",
    (f) => f.detector === "beacon" ? f.score * 100 : null,
  ),
  count: amount("number of contacts: >=100", (f) => f.count),
  period: length("time between check-ins: <5m", (f) => f.period),
  duration: length("how long it was seen to go on: >=1d", (f) => f.duration),
  seen: {
    doc: "seen on a day, or between times in UTC: 2023-01-04T15:00..2023-01-05",
    parse: (value) => {
      const [from, to] = parseSpan(value);
      return ({ firstTs, lastTs }) => firstTs < to && lastTs >= from;
    },
  },
  first: when(
    "first seen how long before the end of the logs: <7d; or >=2023-01-04",
    (f) => f.firstSeenTs,
  ),
  last: when(
    "last seen how long before the end of the logs: <1h; or >=2023-01-04",
    (f) => f.lastTs,
  ),
  verdict: oneOf(
    ["malicious", "benign", "unsure", "none"],
    (f) => f.mark.verdict ?? "none",
  ),
  regular: oneOf(
    ["yes", "no", "none"],
    (f) => f.mark.regular === null ? "none" : f.mark.regular ? "yes" : "no",
  ),
  tag: list("tag: ticket-7, or none", (f) => f.mark.tags),
  owner: text("who looks after it, or none", (f) => f.mark.owner ?? "none"),
  state: oneOf(["new", "raised", "unchanged", "lowered"], (f) => f.state),
  lane: oneOf(LANES, (f) => f.direction),
  direction: oneOf(LANES, (f) => f.direction),
  class: text(
    "kind of benign traffic that lowers its score, or none: skerry benign",
    (f) => f.benignClass ?? "none",
  ),
  sensor: text("where it was seen", (f) => f.sensor),
  agent: list("user agent, or a part of it", (f) => f.userAgents),
  cert: list(
    "server's certificate: a part of subject, issuer or fingerprint",
    (f) => f.certificates,
  ),
  ja3: list("TLS client's fingerprint, JA3 or JA4", (f) => f.fingerprints),
  is: oneOf(["decided", "undecided", "hidden", "returned", "any"], isState),
};

/** What `sort:` may name; ties are in the order of their rank. */
export const SORTS: Readonly<
  Record<string, (finding: ListedFinding) => number | string | null>
> = {
  score: (f) => f.score,
  severity: (f) => f.score,
  beacon: (f) => f.detector === "beacon" ? f.score : null,
  count: (f) => f.count,
  period: (f) => f.period,
  duration: (f) => f.duration,
  first: (f) => f.firstSeenTs,
  last: (f) => f.lastTs,
  src: (f) => f.src,
  dst: (f) => f.dst,
  name: (f) => f.name,
  port: (f) => f.port,
  org: (f) => organisationText(f.organisation) || null,
};

function ends(
  what: string,
  of: (test: (address: string) => boolean) => Test,
): FieldSpec {
  return {
    doc: `${what}: 10.0.0.5, 10.0.0.0/8 or 10.0.*`,
    parse: (value) => of(addressTest(value)),
  };
}

function addressTest(value: string): (address: string) => boolean {
  if (value.includes("*")) return patternTest(value);
  return addressIn(networkOf(value));
}

function networkOf(value: string) {
  try {
    return parseNetwork(value);
  } catch {
    throw new SyntaxError(
      `${value} is no address: write 10.0.0.5, 10.0.0.0/8 or 10.0.*`,
    );
  }
}

/** A pattern where there is a *, else a part; any case. */
function textTest(value: string): (text: string) => boolean {
  if (value.includes("*")) return patternTest(value);
  const wanted = value.toLowerCase();
  return (text) => text.toLowerCase().includes(wanted);
}

function text(doc: string, of: Text): FieldSpec {
  return {
    doc,
    parse: (value) => {
      const test = textTest(value);
      return (f) => test(of(f) ?? "");
    },
  };
}

function list(
  doc: string,
  of: (finding: ListedFinding) => readonly string[],
): FieldSpec {
  return {
    doc,
    parse: (value) => {
      if (value === "none") return (f) => of(f).length === 0;
      const test = textTest(value);
      return (f) => of(f).some(test);
    },
  };
}

function oneOf(
  values: readonly string[],
  of: (finding: ListedFinding) => string | readonly string[],
): FieldSpec {
  return {
    doc: `one of ${values.join(", ")}`,
    parse: (value) => {
      const wanted = value.toLowerCase();
      if (!values.includes(wanted)) {
        throw new SyntaxError(`${value} is not one of ${values.join(", ")}`);
      }
      return (f) => {
        const found = of(f);
        return typeof found === "string"
          ? found === wanted
          : found.includes(wanted);
      };
    },
  };
}

function isState(f: ListedFinding): readonly string[] {
  const decided = f.mark.verdict !== null || f.mark.regular !== null;
  return [
    "any",
    decided ? "decided" : "undecided",
    ...(f.hiddenBy === null ? [] : ["hidden"]),
    ...(f.returned ? ["returned"] : []),
  ];
}

function amount(doc: string, of: Amount): FieldSpec {
  return { doc, parse: (value) => compared(value, doc, numberOf, of) };
}

function length(doc: string, of: Amount): FieldSpec {
  return { doc, parse: (value) => compared(value, doc, parseDuration, of) };
}

function when(doc: string, of: (finding: ListedFinding) => number): FieldSpec {
  return {
    doc,
    parse: (value) => {
      const fits = understood(parseWhen, value, doc);
      return (finding, { now }) => fits(of(finding), now);
    },
  };
}

/** @throws SyntaxError that says how the value is written. */
function understood<T>(
  parse: (text: string) => T,
  value: string,
  doc: string,
): T {
  try {
    return parse(value);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SyntaxError(
      `cannot compare with ${JSON.stringify(value)}; ${doc}`,
    );
  }
}

/** What is not known fits no comparison. */
function compared(
  value: string,
  doc: string,
  read: (text: string) => number,
  of: Amount,
): Test {
  const [, sign, rest] = value.match(/^(>=|<=|>|<|=)?(.*)$/)!;
  const limit = understood(read, rest, doc);
  return (finding, context) => {
    const found = of(finding, context);
    return found !== null && holds(found, sign, limit);
  };
}

function holds(found: number, sign: string | undefined, limit: number) {
  switch (sign) {
    case ">=":
      return found >= limit;
    case "<=":
      return found <= limit;
    case ">":
      return found > limit;
    case "<":
      return found < limit;
    default:
      return found === limit;
  }
}

function numberOf(text: string): number {
  const value = text === "" ? NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new SyntaxError("not a number");
}

function parsePort(value: string): Test {
  const [, port, proto] = value.match(/^(\d{1,5})\/(tcp|udp|icmp)$/i) ?? [];
  if (port !== undefined) {
    const wanted = proto.toLowerCase();
    return (f) => f.port === Number(port) && f.proto === wanted;
  }
  return compared(value, FIELDS.port.doc, numberOf, (f) => f.port);
}

function parseSeverity(value: string): Test {
  const [, sign, name] = value.toLowerCase().match(/^(>=|<=|>|<|=)?(.*)$/)!;
  const wanted = SEVERITIES.findIndex((severity) => severity === name);
  if (wanted < 0) {
    throw new SyntaxError(`${name} is not one of ${SEVERITIES.join(", ")}`);
  }
  // The list begins with the worst.
  return (f) => holds(-SEVERITIES.indexOf(f.severity), sign, -wanted);
}
