import { clamp } from "../features/distributions.ts";
import type { LookupFacts } from "../features/lookup_groups.ts";
import type { Timing } from "../features/timing.ts";
import type { Reason } from "../finding.ts";
import { bytes, count, fewerThan, seconds } from "../wording.ts";
import { MIN_HOSTS } from "./context_crowd.ts";
import { percent, reason } from "./context_part.ts";

/** Everything that the look-ups of one source under one domain are judged by. */
export interface MeasuredLookups {
  readonly facts: LookupFacts;
  readonly timing: Timing;
  /** log10 of the false discovery rate of the rhythm. */
  readonly log10q: number;
  readonly tested: number;
  /** Internal hosts that look names up, and those that ask for this domain. */
  readonly hosts: number;
  readonly sources: number;
  /** Of the look-ups of other domains, the share whose address is contacted. */
  readonly cover: number;
  /** Whether the source answers look-ups itself: it asks for others. */
  readonly forwards: boolean;
}

type LookupPart = (measured: MeasuredLookups) => Reason | null;

/** Bytes that a few names of chance carry, and how many decades are sure. */
const FEW_BYTES = 300;
const DECADES = 2;

const volume: LookupPart = ({ facts }) =>
  reason(
    "volume",
    3.5 * clamp(Math.log10(facts.carried / FEW_BYTES) / DECADES),
    `the labels that it asks for can carry ${bytes(facts.carried)} out`,
    facts.carried,
    "B",
  );

const length: LookupPart = ({ facts }) =>
  reason(
    "label-length",
    1.4 * clamp((facts.meanLength - 15) / 35),
    `the names have ${
      Math.round(facts.meanLength)
    } characters before the domain`,
    facts.meanLength,
    "characters",
  );

/**
 * A tunnel must not be answered from a cache. Who asks for new names all the
 * time and goes nowhere wants the asking itself; a program that is given names
 * of its own goes there.
 */
const fresh: LookupPart = ({ facts, cover }) => {
  const share = facts.names / facts.ts.length;
  return facts.names < 10 ? null : reason(
    "fresh-names",
    clamp((share - 0.3) / 0.5) * (1 + cover * (1 - facts.contacted)),
    `${count(facts.names)} different names in ${
      count(facts.ts.length)
    } look-ups`,
    share,
    "share",
  );
};

const types: LookupPart = ({ facts }) =>
  reason(
    "query-type",
    1.6 * facts.dataTypes,
    `${percent(facts.dataTypes)} ask for records that carry data (${
      facts.types.slice(0, 3).join(", ")
    })`,
    facts.dataTypes,
    "share",
  );

const answers: LookupPart = ({ facts }) =>
  reason(
    "answers",
    clamp((facts.answerBytes - 30) / 100),
    `an answer brings ${bytes(facts.answerBytes)} that are no address`,
    facts.answerBytes,
    "B",
  );

/** A domain that is asked by the clock, though nobody then goes there. */
const rhythm: LookupPart = ({ facts, timing, log10q, tested, cover }) => {
  const gate = clamp(-log10q - 1);
  const unused = 1 - facts.contacted;
  // Without connections in the logs nobody could be seen to go there.
  const effect = timing.score * gate * unused * (1 + 1.2 * cover);
  return Number.isNaN(timing.period) ? null : reason(
    "timing",
    effect,
    `asked every ${seconds(timing.period)}${
      log10q < -1
        ? `, by chance ${fewerThan(log10q)}, after correction for ${
          count(tested)
        } domains`
        : ", hardly more regular than chance"
    }`,
    timing.period,
    "s",
  );
};

const contacted: LookupPart = ({ facts, cover }) => {
  if (facts.addressed === 0) return null;
  return facts.contacted < 0.05
    ? reason(
      "contacted",
      0.5 * cover,
      "none of the addresses that were answered is contacted",
      0,
      "share",
    )
    : reason(
      "contacted",
      -3 * facts.contacted,
      `${percent(facts.contacted)} of the addresses are then contacted`,
      facts.contacted,
      "share",
    );
};

const refused: LookupPart = ({ facts }) =>
  reason(
    "refused",
    -1.5 * clamp((facts.refused - 0.8) / 0.2),
    `${percent(facts.refused)} of the names do not exist`,
    facts.refused,
    "share",
  );

/** Blocklists and antivirus clouds answer 127.0.0.x: yes or no, not a place. */
const verdicts: LookupPart = ({ facts }) =>
  reason(
    "verdicts",
    -1.2 * facts.verdicts,
    `${percent(facts.verdicts)} of the answers are in 127.0.0.0/8, a verdict`,
    facts.verdicts,
    "share",
  );

/** In a small network three hosts that ask alike have one program installed. */
const prevalence: LookupPart = ({ hosts, sources }) => {
  const effect = hosts >= MIN_HOSTS
    ? (sources === 1 ? 0.4 : -3 * Math.min(1, 2 * (sources - 1) / (hosts - 1)))
    : (sources < 3 ? 0 : -Math.min(3, Math.log2(sources / 2)));
  return reason(
    "prevalence",
    effect,
    `${sources} of ${hosts} internal hosts ask for it`,
    sources / Math.max(1, hosts),
    "share",
  );
};

const forwards: LookupPart = ({ forwards }) =>
  forwards
    ? reason("forwards", -0.5, "the source resolves names for others")
    : null;

export const LOOKUP_PARTS: readonly LookupPart[] = [
  volume,
  length,
  fresh,
  types,
  answers,
  rhythm,
  contacted,
  refused,
  verdicts,
  prevalence,
  forwards,
];
