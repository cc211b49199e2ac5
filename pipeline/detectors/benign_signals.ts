import type { Behaviour, Lift } from "./benign_class.ts";
import { failedShare, isMidStream } from "./context_part.ts";
import { CHATTER } from "./context_service.ts";
import type { MeasuredPair, Scene } from "./detector.ts";

type Signal = (measured: MeasuredPair, scene: Scene) => boolean;

/** Bytes that one contact sends and gets. */
function perContact({ pair, facts }: MeasuredPair) {
  const n = Math.max(1, pair.flows.length);
  return { up: facts.up / n, down: facts.down / n };
}

/** Bytes of a datagram that says no more than that somebody is there. */
const TINY = 128;
/** By how many bytes sizes differ that are one size: counters, padding. */
const ONE_SIZE = 8;

/** An order, or its answer, is not always of one size. */
function isTiny(measured: MeasuredPair): boolean {
  const { up, down } = perContact(measured);
  if (!(up <= TINY && down <= TINY)) return false;
  let least = Infinity, most = -Infinity;
  for (const size of measured.facts.bytes) {
    least = Math.min(least, size);
    most = Math.max(most, size);
  }
  return most - least <= ONE_SIZE;
}

/** Names, time and the like have ports that others hide behind. */
const isOwnPort = (port: number | null) =>
  port !== null && port >= 1024 && !CHATTER.has(port);

/** A phone, a camera, a plug: whoever browses contacts more. */
const FEW_PLACES = 10;

/** See {@link BEHAVIOUR_DOCS}. */
export const BEHAVIOURS: Readonly<Record<Behaviour, Signal>> = {
  /** A request of 48 B (STUN: 20 B) to a few of them, and as much back or nothing. */
  "clock-sized": (measured) => {
    const { up, down } = perContact(measured);
    return up >= 20 && up <= 800 && down <= 1.3 * up + 60;
  },
  "download": ({ facts }) => facts.down > 4 * facts.up,
  "small": (measured) => perContact(measured).up < 3000,
  /**
   * Open for an hour, alive with less than 20 B a second each way, and TLS as
   * far as its beginning was seen.
   */
  "idle-channel": (measured) => {
    const { facts, heartbeat } = measured;
    return (facts.tls > 0 || isMidStream(measured)) && facts.longest >= 3600 &&
      facts.up < 20 * facts.longest &&
      facts.down < 20 * facts.longest &&
      (heartbeat.checkIns >= 5 || facts.up < 2 * facts.longest + 5000);
  },
  "fans-in": ({ pair }, { around }) => around.sourcesOfService(pair) >= 3,
  "fans-out": ({ pair }, { around }) => around.servedBy(pair) >= 5,
  "certificate": ({ facts }) => facts.certMatches > 0 && facts.selfSigned === 0,
  "resolved": ({ pair }, { flows }) => flows.resolved.has(pair.subject.dst),
  "shared-agent": ({ pair, facts }, { around }) =>
    facts.agents.some((agent) => {
      const { sources, names } = around.agent(pair.src, agent);
      return sources >= 2 || names >= 4;
    }),
  "shared-ja3": ({ pair, facts }, { around }) =>
    facts.ja3.some((code) => around.ja3Names(pair.src, code) >= 5),
  "inside": ({ pair }) => pair.direction === "internal",
  "from-outside": ({ pair }) => pair.direction === "ingress",
  "unanswered": (measured) => failedShare(measured) >= 0.9,
  "many-ports": ({ pair }, { around }) => around.ports(pair) >= 5,
  "keep-alive": (measured, { flows, around }) => {
    const { pair: { subject }, facts: { ts } } = measured;
    const tenth = around.history / 10;
    return subject.proto === "udp" && isOwnPort(subject.port) &&
      isTiny(measured) &&
      ts[0] <= flows.firstTs + tenth &&
      ts[ts.length - 1] >= flows.lastTs - tenth;
  },
  "few-places": ({ pair }, { around }) => around.places(pair.src) < FEW_PLACES,
};

/** See {@link LIFT_DOCS}. */
export const LIFTS: Readonly<
  Record<Lift, (measured: MeasuredPair) => boolean>
> = {
  "self-signed": ({ facts }) => facts.selfSigned > 0,
  "other-subject": ({ facts }) => facts.certDiffers > 0,
  "literal-name": ({ pair, facts }) => pair.name >= 0 && facts.literal > 0,
  "sends-more": ({ facts }) => facts.up > 5e6 && facts.up > 5 * facts.down,
};
