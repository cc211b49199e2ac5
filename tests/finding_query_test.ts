import assert from "node:assert/strict";
import type { FindingList } from "../pipeline/finding_list.ts";
import { queried, safelistPreview } from "../pipeline/finding_list.ts";
import { FIELDS, SORTS } from "../pipeline/finding_fields.ts";
import { parseQuery, queryErrorText } from "../pipeline/finding_query.ts";
import { grouped } from "../pipeline/finding_rows.ts";
import {
  applySafelist,
  type ListedFinding,
  NO_MARK,
} from "../pipeline/finding_view.ts";
import { severityOf } from "../pipeline/finding.ts";
import type { SafelistEntry } from "../pipeline/store/session_store.ts";

const NOW = 1_700_000_000;

function listed(
  rank: number,
  given: Partial<ListedFinding>,
): ListedFinding {
  const score = given.score ?? 1 - rank / 10;
  return {
    id: `f${rank}`,
    detector: "beacon",
    score,
    severity: severityOf(score),
    direction: "egress",
    src: "10.0.0.5",
    dst: "203.0.113.7",
    port: 443,
    proto: "tcp",
    name: null,
    nameSource: null,
    sensor: null,
    firstTs: NOW - 86_400,
    lastTs: NOW,
    count: 100,
    uidCount: 100,
    summary: "10.0.0.5 contacts somebody",
    rank,
    state: "new",
    firstSeenTs: NOW - 86_400,
    period: 60,
    jitter: 1,
    duration: 86_400,
    userAgents: [],
    fingerprints: [],
    certificates: [],
    alsoSeenAs: [],
    benignClass: null,
    prevalence: null,
    because: "",
    mark: NO_MARK,
    hiddenBy: null,
    returned: false,
    ...given,
  };
}

const LIST: FindingList = {
  findings: [
    listed(1, { name: "www.example.com", fingerprints: ["aa"] }),
    listed(2, {
      src: "10.1.0.9",
      port: 8080,
      userAgents: ["curl/8"],
      mark: { ...NO_MARK, verdict: "benign", tags: ["ticket-7"] },
    }),
    listed(3, {
      src: "192.168.7.7",
      detector: "long connection",
      period: null,
      duration: 400_000,
      firstSeenTs: NOW - 30 * 86_400,
      firstTs: NOW - 5 * 86_400,
      lastTs: NOW - 4 * 86_400,
      fingerprints: ["aa", "bb"],
      certificates: ["CN=c2, issued by CN=ca"],
      organisation: { asn: 64_500, name: "Example, Inc." },
    }),
    listed(4, { hiddenBy: 3, score: 0.3, dst: "2001:db8::7" }),
  ],
  hidden: [],
  now: NOW,
};

function ids(text: string): number[] {
  const query = parseQuery(text);
  assert.deepEqual(query.errors, [], text);
  return queried(LIST, query).map(({ rank }) => rank);
}

Deno.test("parseQuery finds by each kind of term", () => {
  const cases: Record<string, number[]> = {
    "": [1, 2, 3],
    "src:10.0.0.0/8": [1, 2],
    "src:10.0.0.0/8,192.168.7.7 -port:8080": [1, 3],
    "src:10.1.*": [2],
    "dst:2001:db8::/32 is:any": [4],
    "name:*.example.com": [1],
    "name:EXAMPLE": [1],
    "name:*.example": [],
    "port:>=1024": [2],
    "port:443/tcp !name:example": [3],
    'detector:"long connection"': [3],
    "beacon:>=85": [1],
    "severity:>=high": [1, 2, 3],
    "severity:critical": [1],
    "score:<0.9": [2, 3],
    "verdict:none": [1, 3],
    "is:undecided": [1, 3],
    "tag:ticket-7": [2],
    "tag:none owner:none": [1, 3],
    "first:<7d": [1, 2],
    "first:>=2023-11-10": [1, 2],
    "first:<2023-11-01": [3],
    "last:>=2023-11-14": [1, 2],
    "seen:2023-11-09": [3],
    "seen:2023-11-10T22:14": [],
    "seen:..2023-11-10": [3],
    "seen:2023-11-11T00:00Z..": [1, 2],
    "seen:2023-11-01..2023-11-20 org:none": [1, 2],
    "org:example": [3],
    "org:AS64500": [3],
    "org:*AS645": [],
    "cert:cn=ca": [3],
    "cert:none": [1, 2],
    "sort:org-asc": [3, 1, 2],
    "duration:>=2d": [3],
    "period:<=1m": [1, 2],
    "agent:curl": [2],
    "is:hidden": [4],
    "is:any": [1, 2, 3, 4],
    "sort:duration-desc": [3, 1, 2],
    "sort:period-asc": [1, 2, 3],
    "sort:period-desc": [1, 2, 3],
    "contacts SOMEBODY": [1, 2, 3],
    '"contacts nobody"': [],
  };
  for (const [text, ranks] of Object.entries(cases)) {
    assert.deepEqual(ids(text), ranks, text);
  }
});

Deno.test("parseQuery says where a term is wrong and why, and uses the others", () => {
  const text =
    "src:10.0.0.300 port:443 colour:red first:7 sort:taste severity:>=bad seen:.. seen:2023-02-30 seen:2023-03-02..2023-03-01 first:>=2023-13-01 src:";
  const { errors } = parseQuery(text);
  assert.deepEqual(
    errors.map(({ from, to }) => text.slice(from, to)),
    [
      "src:10.0.0.300",
      "colour:red",
      "first:7",
      "sort:taste",
      "severity:>=bad",
      "seen:..",
      "seen:2023-02-30",
      "seen:2023-03-02..2023-03-01",
      "first:>=2023-13-01",
      "src:",
    ],
  );
  assert.match(errors[0].reason, /10\.0\.0\.300 is no address/);
  assert.match(errors[1].reason, /no term colour:, but src, dst/);
  assert.deepEqual(
    queried(LIST, parseQuery("colour:red port:8080")).map((f) => f.rank),
    [2],
  );
  const [line, carets] = queryErrorText(parseQuery("a port:x")).split("\n");
  assert.equal(line.slice(carets.indexOf("^")), "port:x");
});

Deno.test("parseQuery takes any text without throwing, in time linear in it", () => {
  const nasty = [
    '"',
    ":",
    "-",
    "!!",
    "a:",
    ':"x',
    "src:*",
    "name:" + "*a".repeat(5000),
  ];
  for (const text of nasty) queried(LIST, parseQuery(text));
  const began = performance.now();
  queried(LIST, parseQuery("x:".repeat(50_000)));
  queried(LIST, parseQuery('"'.repeat(100_000)));
  assert.ok(performance.now() - began < 2000);
});

Deno.test("every term and order of a query has a text that parses", () => {
  const sample: Record<string, string> = {
    src: "10.0.0.1",
    dst: "10.0.0.1",
    ip: "10.0.0.1",
    severity: "high",
    verdict: "none",
    regular: "yes",
    state: "new",
    lane: "egress",
    direction: "egress",
    is: "any",
    period: "5m",
    duration: "5m",
    first: "5m",
    last: "5m",
    seen: "2023-11-14",
    port: "1",
    score: "1",
    beacon: "1",
    count: "1",
  };
  for (const name of Object.keys(FIELDS)) ids(`${name}:${sample[name] ?? "x"}`);
  for (const name of Object.keys(SORTS)) ids(`sort:${name}-asc`);
});

function entry(
  id: number,
  given: Partial<SafelistEntry>,
): SafelistEntry {
  return {
    id,
    kind: "name",
    value: "*.example.com",
    reason: "ours",
    author: "ann",
    createdAt: NOW - 50,
    expiresAt: null,
    ...given,
  };
}

Deno.test("applySafelist hides what fits, counts it per entry and drops what has expired", () => {
  const { findings, hidden } = applySafelist(LIST.findings, [
    entry(1, {}),
    entry(2, { kind: "port", value: "8080/tcp", expiresAt: NOW - 1 }),
    entry(3, { kind: "ja3", value: "bb" }),
    entry(4, { kind: "network", value: "10.0.0.0/8" }),
  ], { now: NOW });
  assert.deepEqual(findings.map((f) => f.hiddenBy), [1, 4, 3, 4]);
  assert.deepEqual(
    hidden.map(({ entry, findings, severe }) => [entry.id, findings, severe]),
    [[1, 1, 1], [3, 1, 1], [4, 2, 1]],
  );
});

Deno.test("applySafelist shows a hidden finding again when its score has risen since", () => {
  const scoresAt = () => new Map([["f1", 0.5], ["f2", 0.79]]);
  const { findings } = applySafelist(
    LIST.findings,
    [
      entry(1, { kind: "port", value: "443" }),
      entry(2, { kind: "port", value: "8080" }),
    ],
    { now: NOW, scoresAt },
  );
  assert.deepEqual(findings.map((f) => f.hiddenBy), [null, 2, 1, 1]);
  assert.deepEqual(findings.map((f) => f.returned), [
    true,
    false,
    false,
    false,
  ]);
});

Deno.test("safelistPreview counts what is shown and would be hidden; null where findings do not tell", () => {
  assert.deepEqual(safelistPreview(LIST, "network", "0.0.0.0/1"), {
    findings: 2,
    severe: 2,
  });
  assert.deepEqual(safelistPreview(LIST, "organisation", "Example*"), {
    findings: 1,
    severe: 1,
  });
  const unknown = LIST.findings.map((f) => ({ ...f, organisation: null }));
  assert.deepEqual(
    safelistPreview({ ...LIST, findings: unknown }, "organisation", "Example*"),
    { findings: null, severe: 0 },
  );
});

Deno.test("grouped puts findings together by what they share, and says it", () => {
  const pair = grouped([
    ...LIST.findings,
    listed(5, { detector: "strobe", name: "www.example.com" }),
  ]);
  assert.deepEqual(pair.map(({ findings }) => findings.map((f) => f.rank)), [
    [1, 5],
    [2],
    [3],
    [4],
  ]);
  const [aa, ...rest] = grouped(LIST.findings, "ja3");
  assert.equal(aa.says, "2 hosts, 2 destinations, same TLS fingerprint");
  assert.deepEqual(rest.map(({ key }) => key), ["f2", "bb", "f4"]);
  for (const by of ["certificate", "organisation"] as const) {
    const [first] = grouped(
      [LIST.findings[2], listed(9, { ...LIST.findings[2], src: "10.0.0.9" })],
      by,
    );
    assert.equal(first.findings.length, 2, by);
    assert.equal(first.says, `2 hosts, 1 destination, same ${by}`);
  }
  const even = grouped([
    listed(1, {}),
    listed(2, { src: "10.0.0.6", period: 61 }),
  ], "destination");
  assert.equal(
    even[0].says,
    "2 hosts, 1 destination, same destination, same interval",
  );
});
