import type { Flows } from "../features/flows.ts";
import {
  lookupFactsOf,
  type LookupGroup,
  lookupGroups,
} from "../features/lookup_groups.ts";
import { timing } from "../features/timing.ts";
import {
  type Finding,
  findingId,
  type Reason,
  SERIES_LENGTH,
  severityOf,
  type Subject,
} from "../finding.ts";
import type { Params, ValuesOf } from "../options.ts";
import { Pacer, type RunOptions } from "../progress.ts";
import { bytes, count, seconds } from "../wording.ts";
import { isUnder, PRIOR, TOP } from "./benign.ts";
import { reason } from "./context_part.ts";
import { type Detector, MIN_SCORE, type Scene } from "./detector.ts";
import { type LookupClass, signalsOf } from "./dns_classes.ts";
import { LOOKUP_PARTS, type MeasuredLookups } from "./dns_reasons.ts";
import { UIDS } from "./evidence.ts";
import { corrected } from "./significance.ts";

export const C2_OVER_DNS_PARAMS = {
  minLookups: {
    kind: "integer",
    default: 20,
    min: 10,
    max: 100_000,
    unit: "look-ups",
    doc: "Fewer look-ups of a domain by one source than this carry nothing.",
  },
  minScore: MIN_SCORE,
} as const satisfies Params;

type Values = ValuesOf<typeof C2_OVER_DNS_PARAMS>;

/**
 * Look-ups that carry data (iodine, dnscat2, Cobalt Strike's DNS beacon): many
 * long names that were never asked before, record types of free content, and
 * a rhythm of look-ups after which nobody goes where the answer points.
 */
export const c2OverDns: Detector<typeof C2_OVER_DNS_PARAMS> = {
  name: "c2-over-dns",
  doc:
    "A source whose look-ups under one domain carry data, or come by the clock and lead nowhere.",
  logTypes: ["dns"],
  params: C2_OVER_DNS_PARAMS,

  async detect(scene: Scene, values: Values, { signal }: RunOptions) {
    const pacer = new Pacer(signal);
    const groups = lookupGroups(scene.flows)
      .filter(({ rows }) => rows.length >= values.minLookups);
    const contacted = contactedAnswers(scene.flows);
    const measured: [LookupGroup, Measured][] = [];
    for (const group of groups) {
      if (pacer.due) await pacer.rest();
      const facts = lookupFactsOf(scene.flows, group, contacted);
      measured.push([group, { facts, timing: timing(facts.ts) }]);
    }
    const around = new Around(scene, measured, contacted);
    return measured
      .map(([group, own]) => judge(scene, group, around.with(group, own)))
      .filter(({ score }) => score >= values.minScore);
  },
};

type Measured = Pick<MeasuredLookups, "facts" | "timing">;

/** 1 for each answered address that some connection goes to. */
function contactedAnswers(flows: Flows): Uint8Array {
  const met = new Set<number>();
  for (let f = 0, last = -1; f < flows.length; f++) {
    const dst = flows.dst.at(f);
    if (dst !== last) met.add(last = dst);
  }
  const texts = new Set<string>();
  for (const code of met) texts.add(flows.addresses.values[code]);
  return Uint8Array.from(
    flows.lookups.answers.values,
    (address) => texts.has(address) ? 1 : 0,
  );
}

/** Look-ups of which the address that was answered is contacted. */
const metOf = ({ facts }: Measured) => facts.addressed * facts.contacted;

/** What the look-ups of one domain are held against. */
class Around {
  readonly #log10p: Float64Array;
  readonly #resolvers: ReadonlySet<number>;
  readonly #hosts: number;
  /**
   * Look-ups with an address as answer, and those whose address is contacted;
   * also of domains that are asked too seldom to be judged.
   */
  readonly #addressed: number;
  readonly #met: number;

  constructor(
    { flows, internal }: Scene,
    measured: readonly (readonly [LookupGroup, Measured])[],
    contacted: Uint8Array,
  ) {
    this.#log10p = Float64Array.from(
      measured,
      ([, { timing }]) => timing.log10p,
    ).sort();
    let addressed = 0, met = 0;
    for (const answer of flows.lookups.answer) {
      if (answer < 0) continue;
      addressed++;
      met += contacted[answer];
    }
    this.#addressed = addressed;
    this.#met = met;
    this.#resolvers = new Set(flows.lookups.server);
    this.#hosts = [...new Set(flows.lookups.src)]
      .filter((src) => internal.has(src)).length;
  }

  with({ src, sources }: LookupGroup, own: Measured): MeasuredLookups {
    const others = this.#addressed - own.facts.addressed;
    return {
      ...own,
      log10q: corrected(this.#log10p, own.timing.log10p, own.timing.log10p),
      tested: this.#log10p.length,
      hosts: this.#hosts,
      sources,
      cover: others > 0 ? (this.#met - metOf(own)) / others : 0,
      forwards: this.#resolvers.has(src),
    };
  }
}

function judge(
  scene: Scene,
  group: LookupGroup,
  measured: MeasuredLookups,
): Finding {
  const { flows, internal } = scene, { facts } = measured;
  const subject = subjectOf(flows, group);
  const { score, reasons } = scoreOf(scene, group.domain, measured);
  const uids = uidsOf(flows, group.rows);
  return {
    ...subject,
    id: findingId(c2OverDns.name, subject),
    detector: c2OverDns.name,
    score,
    severity: severityOf(score),
    // The server asks on: the data ends where the domain is served.
    direction: internal.has(group.src) ? "egress" : "ingress",
    firstTs: facts.ts[0],
    lastTs: facts.ts[facts.ts.length - 1],
    count: facts.ts.length,
    uids: uids.slice(0, UIDS),
    uidCount: uids.length,
    evidence: evidenceOf(measured),
    reasons,
    summary: summaryOf(subject, measured),
    series: {
      ts: facts.ts.slice(0, SERIES_LENGTH),
      bytes: facts.lengths.slice(0, SERIES_LENGTH),
    },
  };
}

function subjectOf(
  { addresses, lookups, sensors }: Flows,
  { src, server, domain, rows, sensor }: LookupGroup,
): Subject {
  const port = lookups.port[rows[0]];
  return {
    src: addresses.values[src],
    dst: addresses.values[server],
    port: Number.isNaN(port) ? null : port,
    proto: "udp",
    name: domain,
    nameSource: "dns",
    sensor: sensor < 0 ? null : sensors.values[sensor],
  };
}

/** One look-up may take two records of a connection: its uid counts once. */
function uidsOf({ lookups }: Flows, rows: Uint32Array): string[] {
  const uids = new Set<string>();
  for (const row of rows) if (lookups.uid[row]) uids.add(lookups.uid[row]);
  return [...uids];
}

function scoreOf(
  scene: Scene,
  domain: string,
  measured: MeasuredLookups,
): { score: number; reasons: Reason[] } {
  const reasons = [
    reason("prior", PRIOR, "most repeated traffic is benign"),
    ...LOOKUP_PARTS.map((part) => part(measured))
      .filter((said) => said !== null)
      .filter(({ name, effect }) =>
        !scene.without.has(name) && Math.abs(effect) > 0.005
      ),
  ];
  if (!scene.without.has("class")) {
    const known = classReason(
      domain,
      measured,
      scene.benign.lookups,
      sum(reasons),
    );
    if (known) reasons.push(known);
  }
  return {
    score: 1 / (1 + Math.exp(-sum(reasons))),
    reasons: reasons.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)),
  };
}

function classReason(
  domain: string,
  { facts, sources }: MeasuredLookups,
  classes: readonly LookupClass[],
  logit: number,
): Reason | null {
  const signals = signalsOf(facts, sources);
  const known = classes.find(({ names, must, oneOf }) => {
    const own = new Set(signals);
    if (names.some((name) => isUnder(domain, name))) own.add("name");
    return must.every((signal) => own.has(signal)) &&
      oneOf.some((signal) => own.has(signal));
  });
  if (!known) return null;
  const top = Math.log(TOP[known.cap] / (1 - TOP[known.cap]));
  return reason(
    "class",
    Math.min(known.effect, top - logit),
    `${known.name}: ${known.doc}`,
    known.name,
  );
}

function sum(reasons: readonly Reason[]): number {
  return reasons.reduce((total, { effect }) => total + effect, 0);
}

function evidenceOf(measured: MeasuredLookups): Finding["evidence"] {
  const { facts, timing, log10q, tested, sources, hosts } = measured;
  const number = (value: number) => Number.isFinite(value) ? value : null;
  return {
    lookups: facts.ts.length,
    names: facts.names,
    bytesCarried: Math.round(facts.carried),
    meanNameLength: facts.meanLength,
    dataTypeShare: facts.dataTypes,
    queryTypes: facts.types,
    answerBytes: facts.answerBytes,
    refusedShare: facts.refused,
    contactedShare: facts.addressed > 0 ? facts.contacted : null,
    period: number(timing.period),
    jitter: number(timing.jitter),
    checkIns: timing.checkIns,
    log10p: number(timing.log10p),
    log10q: number(log10q),
    pairsTested: tested,
    sources,
    internalHosts: hosts,
  };
}

function summaryOf(
  { src, name }: Subject,
  { facts, timing }: MeasuredLookups,
): string {
  const over = facts.ts[facts.ts.length - 1] - facts.ts[0];
  const often = timing.score > 0.1
    ? ` every ${seconds(timing.period)} ± ${seconds(timing.jitter)},`
    : "";
  return `${src} looks up ${count(facts.names)} names under ${name}${often} ${
    count(facts.ts.length)
  } times over ${seconds(over)}, which can carry ${bytes(facts.carried)} out`;
}
