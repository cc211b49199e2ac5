import type { Reason } from "../finding.ts";
import { clamp } from "../features/distributions.ts";
import type { MeasuredPair, Scene } from "./detector.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * Context: what speaks for or against a pair beside its own rhythm. Each part
 * is one measured fact turned into log-odds; a part that does not apply says
 * nothing. No part names an address, a domain or a file.
 */
type Part = (
  measured: MeasuredPair,
  around: Surroundings,
  scene: Scene,
) => Reason | null;

/** UDP services that poll or announce by themselves (IANA). */
const CHATTER = new Set([
  67,
  68,
  137,
  138,
  161,
  514,
  546,
  547,
  1812,
  1900,
  3702,
  5353,
  5355,
]);
const DIRECTORY = new Set([88, 135, 139, 389, 445, 464, 636, 3268, 3269]);
const WEB_PORTS = new Set([80, 443, 3128, 8000, 8080, 8443, 8888]);
const COMMON_PORTS = new Set([
  ...DIRECTORY,
  ...WEB_PORTS,
  20,
  21,
  22,
  23,
  25,
  53,
  110,
  143,
  465,
  587,
  853,
  989,
  990,
  993,
  995,
  1433,
  3306,
  3389,
  5222,
  5223,
  5228,
  5432,
  8883,
]);

const percent = (share: number) => `${Math.round(100 * share)} %`;

function reason(
  name: string,
  effect: number,
  text: string,
  value: number | string | null = null,
  unit = "",
): Reason {
  return { name, value, unit, effect, text };
}

/** NTP (RFC 5905). */
export const CLOCK_PORT = 123;

const clock: Part = ({ pair: { subject } }) =>
  subject.port === CLOCK_PORT
    ? reason("clock", -6, `port ${CLOCK_PORT} is clock traffic`, CLOCK_PORT)
    : null;

const chatter: Part = ({ pair: { subject } }) =>
  subject.proto === "udp" && CHATTER.has(subject.port ?? -1)
    ? reason(
      "chatter",
      -4,
      `UDP port ${subject.port} announces and polls by itself`,
      subject.port,
    )
    : null;

const resolver: Part = ({ pair: { subject } }) => {
  if (subject.port === 53) {
    return reason("resolver", -4, "port 53 is name resolution", 53);
  }
  return subject.port === 853
    ? reason("resolver", -2.5, "port 853 is name resolution over TLS", 853)
    : null;
};

/** Share of the connections that nobody answered. */
const failedShare = ({ facts }: MeasuredPair) =>
  facts.failed / Math.max(1, facts.connections);

/** What nobody answered could not tell a name or speak a protocol. */
const isUnanswered = (measured: MeasuredPair) =>
  measured.facts.failed > 0 &&
  (!measured.facts.answered || failedShare(measured) >= 0.9);

const unanswered: Part = (measured) => {
  const share = failedShare(measured);
  return !isUnanswered(measured) ? null : reason(
    "unanswered",
    -2.2,
    `${percent(Math.min(1, share))} of the connections were never answered`,
    share,
    "share",
  );
};

const direction: Part = ({ pair }) => {
  if (pair.direction === "external") {
    return reason(
      "direction",
      -3,
      "both ends are outside the internal networks",
    );
  }
  return pair.direction === "ingress"
    ? reason(
      "direction",
      -1.5,
      "it comes in from outside: clients of a service do",
    )
    : null;
};

const insideTraffic: Part = ({ pair }) => {
  if (pair.direction !== "internal") return null;
  const { src, dst, port } = pair.subject;
  if (DIRECTORY.has(port ?? -1)) {
    return reason(
      "internal",
      -4,
      "directory and file services between internal hosts",
      port,
    );
  }
  return sameSixteen(src, dst)
    ? reason("internal", -2, "both ends are neighbours in one internal network")
    : reason("internal", -0.3, "both ends are internal, in different networks");
};

function sameSixteen(a: string, b: string): boolean {
  const head = (text: string) =>
    text.includes(":")
      ? text.split(":").slice(0, 3).join(":")
      : text.split(".").slice(0, 2).join(".");
  return head(a) === head(b);
}

const scanner: Part = ({ pair }, around) => {
  const ports = around.ports(pair);
  if (pair.direction === "ingress" && ports > 5) {
    return reason(
      "scanner",
      -3,
      `the source tries ${ports} ports of this host`,
      ports,
      "ports",
    );
  }
  return pair.direction !== "ingress" && ports > 20
    ? reason(
      "scanner",
      -2,
      `the source tries ${ports} ports of this host`,
      ports,
      "ports",
    )
    : null;
};

const crowd: Part = ({ pair, timing, facts }, around, scene) => {
  if (pair.direction !== "ingress") return null;
  const k = around.crowd(pair);
  if (k <= 3 || facts.longest > 3600) return null;
  const elsewhere = 1 - Math.min(1, 2 * timing.active / scene.span);
  const effect = -Math.min(2, 0.9 * Math.log10(k / 3)) * elsewhere;
  return effect > -0.05 ? null : reason(
    "crowd",
    effect,
    `${k} outside sources contact this service as regularly`,
    k,
    "sources",
  );
};

const prevalence: Part = ({ pair }, around) => {
  const hosts = around.hosts;
  if (
    hosts < 3 || pair.direction === "ingress" || pair.direction === "external"
  ) {
    return null;
  }
  const k = Math.max(1, around.sources(pair));
  const text = `${k} of ${hosts} internal hosts contact ${around.site(pair)}`;
  const effect = k === 1 ? 0.4 : -3 * Math.min(1, 2 * (k - 1) / (hosts - 1));
  return reason("prevalence", effect, text, k / hosts, "share");
};

const breadth: Part = ({ pair }, around) => {
  if (pair.direction === "ingress" || pair.direction === "internal") {
    return null;
  }
  const b = around.breadth(pair);
  if (b <= 1) {
    return reason(
      "breadth",
      0.3,
      "nothing else of this organisation is contacted",
      b,
    );
  }
  const what = pair.name < 0
    ? "addresses in its network"
    : `names under ${around.site(pair)}`;
  return reason(
    "breadth",
    Math.max(-2.5, -0.7 * Math.log2(b)),
    `${b} ${what} are contacted`,
    b,
    what,
  );
};

const name: Part = (measured, around, scene) => {
  const { pair, facts } = measured;
  if (pair.direction === "ingress") return null;
  if (facts.literal > facts.connections / 2) {
    return reason(
      "name",
      1.3,
      "an address stands where a host name belongs",
      facts.literal,
    );
  }
  if (pair.name >= 0) {
    return reason(
      "name",
      -0.6,
      `its name is known: ${pair.subject.name}`,
      pair.subject.name,
    );
  }
  if (scene.flows.resolved.has(pair.subject.dst)) {
    return reason("name", -0.6, "a DNS answer gave this address");
  }
  if (facts.midStream >= facts.connections || !around.hasNames) return null;
  if (isUnanswered(measured)) return null;
  return reason("name", 0.9, "the address was contacted without any name");
};

const missingHost: Part = ({ facts }) =>
  facts.requests > 0 && facts.missingHost > 0.5 && facts.literal === 0
    ? reason(
      "missing-host",
      1.2,
      `${percent(facts.missingHost)} of the HTTP requests have no Host header`,
      facts.missingHost,
      "share",
    )
    : null;

const certificate: Part = ({ facts }) => {
  if (facts.selfSigned > 0) {
    return reason(
      "certificate",
      1.2,
      "the certificate is self-signed",
      facts.selfSigned,
    );
  }
  return facts.tls > 0 && facts.tlsWithoutName > facts.tls / 2
    ? reason(
      "certificate",
      0.8,
      "TLS is established without a server name",
      facts.tlsWithoutName,
    )
    : null;
};

const port: Part = (measured) => {
  const { pair, facts } = measured, { subject } = pair;
  if (
    subject.proto !== "tcp" || subject.port === null ||
    pair.direction === "ingress" || isUnanswered(measured)
  ) return null;
  const spoken = facts.requests > 0 || facts.tls > 0;
  if (
    spoken && !WEB_PORTS.has(subject.port) && !COMMON_PORTS.has(subject.port)
  ) {
    return reason(
      "port",
      0.5,
      `HTTP or TLS on the unusual port ${subject.port}`,
      subject.port,
    );
  }
  if (!spoken && !COMMON_PORTS.has(subject.port)) {
    return reason(
      "port",
      1.2,
      `TCP port ${subject.port} belongs to no common service`,
      subject.port,
    );
  }
  const silent = !spoken && pair.name < 0 && facts.answered &&
    facts.midStream < facts.connections;
  return silent && (subject.port === 80 || subject.port === 443)
    ? reason(
      "port",
      0.7,
      `port ${subject.port} without HTTP or TLS in it`,
      subject.port,
    )
    : null;
};

const userAgent: Part = ({ pair, facts }, around) => {
  if (facts.requests === 0) return null;
  if (facts.blankAgents > 0.5) {
    return reason(
      "user-agent",
      0.7,
      "the user agent is blank",
      facts.blankAgents,
      "share",
    );
  }
  const uses = facts.agents.map((agent) => around.agent(pair.src, agent));
  if (uses.length === 0) return null;
  if (uses.every((u) => u.sources === 1 && u.names === 1)) {
    return reason(
      "user-agent",
      1,
      "its user agent is used by nobody else and for nothing else",
    );
  }
  const widest = Math.max(...uses.map((u) => u.names));
  return widest >= 4
    ? reason(
      "user-agent",
      -0.3,
      `the source uses this user agent for ${widest} destinations`,
      widest,
    )
    : null;
};

const ja3: Part = ({ pair, facts }, around) =>
  facts.ja3.length > 0 &&
    facts.ja3.every((code) => around.ja3Names(pair.src, code) === 1)
    ? reason(
      "ja3",
      0.6,
      "the source shows this TLS fingerprint (JA3) nowhere else",
    )
    : null;

const posts: Part = ({ facts }) =>
  facts.posts > 0.5
    ? reason(
      "method",
      0.6,
      `${percent(facts.posts)} of the requests are POST`,
      facts.posts,
      "share",
    )
    : null;

const browsing: Part = ({ facts }) => {
  if (facts.requests === 0) return null;
  if (facts.referrers > 0.3) {
    return reason(
      "referrer",
      -1,
      `${percent(facts.referrers)} of the requests follow a link`,
      facts.referrers,
      "share",
    );
  }
  return reason(
    "referrer",
    0.2,
    "the requests follow no link",
    facts.referrers,
    "share",
  );
};

const images: Part = ({ facts }) =>
  facts.images > 0.3
    ? reason(
      "content",
      -0.8,
      `${percent(facts.images)} of the answers are images`,
      facts.images,
      "share",
    )
    : null;

const asymmetry: Part = ({ facts }) => {
  if (facts.up + facts.down === 0) return null;
  const effect = clamp(
    0.6 * Math.log10((facts.up + 100) / (facts.down + 100)),
    -1,
    0.6,
  );
  if (Math.abs(effect) < 0.05) return null;
  const ratio = (facts.up + 100) / (facts.down + 100);
  return reason(
    "asymmetry",
    effect,
    effect > 0 ? "more is sent than received" : "more is received than sent",
    ratio,
    "sent/received",
  );
};

const PARTS: readonly Part[] = [
  clock,
  chatter,
  resolver,
  unanswered,
  direction,
  insideTraffic,
  scanner,
  crowd,
  prevalence,
  breadth,
  name,
  missingHost,
  certificate,
  port,
  userAgent,
  ja3,
  posts,
  browsing,
  images,
  asymmetry,
];

/**
 * The reasons that the surroundings give.
 *
 * @param activity in [0, 1]: context without repetition is no evidence, so
 * what speaks for the pair is scaled by min(1, 0.25 + 1.25 activity).
 */
export function contextOf(
  measured: MeasuredPair,
  scene: Scene,
  activity: number,
): Reason[] {
  const gate = Math.min(1, 0.25 + 1.25 * activity);
  const reasons: Reason[] = [];
  for (const part of PARTS) {
    const said = part(measured, scene.around, scene);
    if (!said) continue;
    reasons.push(
      said.effect > 0 ? { ...said, effect: said.effect * gate } : said,
    );
  }
  return reasons;
}

/** Log-odds of a pair of which nothing is known: most traffic is benign. */
const PRIOR = -3.8;

/** All reasons, strongest first, and the score they add up to. */
export function scoreOf(
  reasons: readonly Reason[],
): { score: number; reasons: Reason[] } {
  const all = [
    reason("prior", PRIOR, "most repeated traffic is benign"),
    ...reasons,
  ];
  const logit = all.reduce((total, { effect }) => total + effect, 0);
  return {
    score: 1 / (1 + Math.exp(-logit)),
    reasons: all.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)),
  };
}
