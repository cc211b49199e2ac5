import { isDnsOverHttps } from "../features/names.ts";
import { siteNetwork } from "./address_blocks.ts";
import {
  isMidStream,
  isUnanswered,
  type Part,
  percent,
  reason,
} from "./context_part.ts";

import type { MeasuredPair } from "./detector.ts";
import type { Surroundings } from "./surroundings.ts";

/** UDP services that poll or announce by themselves (IANA). */
export const CHATTER = new Set([
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

/** NTP (RFC 5905). */
export const CLOCK_PORT = 123;

/** DHCP (RFC 2131, 8415): the server may be the provider's. */
const LEASES = new Set([67, 68, 546, 547]);

/** Who announces and polls does so inside: a port alone clears no way out. */
const chatter: Part = ({ pair: { subject, direction } }) => {
  const { proto, port } = subject;
  if (proto !== "udp" || port === null || !CHATTER.has(port)) return null;
  return direction !== "egress" || LEASES.has(port)
    ? reason(
      "chatter",
      -4,
      `UDP port ${port} announces and polls by itself`,
      port,
    )
    : reason(
      "chatter",
      -1,
      `UDP port ${port} announces and polls by itself, but hardly to outside`,
      port,
    );
};

/** A port alone resolves nothing: where there is a dns log, it must know the server. */
const resolver: Part = ({ pair: { subject } }, { flows }) => {
  if (subject.port === 853) {
    return reason(
      "resolver",
      -2.5,
      "port 853 is name resolution over TLS",
      853,
    );
  }
  if (subject.name !== null && isDnsOverHttps(subject.name)) {
    return reason(
      "resolver",
      -0.5,
      "names are resolved over HTTPS: no dns log holds what is asked",
      subject.name,
    );
  }
  if (subject.port !== 53) return null;
  if (flows.resolvers.size === 0 && subject.proto === "tcp") {
    return reason(
      "resolver",
      -1,
      "port 53 over TCP: without a dns log nobody knows what is said",
      53,
    );
  }
  return flows.resolvers.size === 0 || flows.resolvers.has(subject.dst)
    ? reason("resolver", -4, "port 53 is name resolution", 53)
    : reason("resolver", 0.7, "port 53 without any DNS in it", 53);
};

/** Pairs of ICMP are measured only where they are no plain ping; see `outOfScope`. */
const echo: Part = ({ pair: { subject }, facts }) =>
  subject.proto !== "icmp" ? null : reason(
    "echo",
    2.4,
    facts.down > facts.up
      ? "the echo replies bring more than the requests: an echo brings back the same"
      : "the echo requests carry more than any ping",
    facts.down / Math.max(1, facts.up),
    "received/sent",
  );

/** A check-in asks at least: what never sends data is a probe. */
const empty: Part = (measured) => {
  const { facts } = measured;
  const share = facts.empty / Math.max(1, facts.connections);
  return share < 0.8 || isMidStream(measured) ? null : reason(
    "empty",
    -2,
    `${percent(share)} of the connections carry no data`,
    share,
    "share",
  );
};

/** Clients of a service leave again: half a day is nobody's visit. */
const VISIT = 12 * 3600;

const direction: Part = ({ pair, facts }) => {
  if (pair.direction === "external") {
    return reason(
      "direction",
      -3,
      "both ends are outside the internal networks",
    );
  }
  if (pair.direction !== "ingress") return null;
  return facts.longest > VISIT
    ? reason("direction", -0.5, "it comes in from outside, and stays")
    : reason(
      "direction",
      -1.5,
      "it comes in from outside: clients of a service do",
    );
};

/** Databases, queues and caches, remote shells of Windows: one server may have one client. */
const SERVER_PORTS = new Set([
  1521,
  2049,
  2181,
  2379,
  5433,
  5672,
  5985,
  5986,
  6379,
  6443,
  8009,
  9042,
  9090,
  9092,
  9100,
  9200,
  9300,
  10_050,
  10_051,
  11_211,
  27_017,
  61_616,
]);

/** What serves one neighbour at one place, on a port of no service. */
function isPrivate({ pair, facts }: MeasuredPair, around: Surroundings) {
  const { proto, port } = pair.subject;
  return proto === "tcp" && port !== null && facts.answered &&
    !COMMON_PORTS.has(port) && !SERVER_PORTS.has(port) &&
    around.sourcesOfService(pair) === 1 && around.servedBy(pair) === 1;
}

const insideTraffic: Part = (measured, { around }) => {
  const { pair } = measured;
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
  if (siteNetwork(src) === siteNetwork(dst) && isPrivate(measured, around)) {
    return reason(
      "internal",
      -1.2,
      `both ends are neighbours, but of all hosts only these two use port ${port} with each other`,
      port,
    );
  }
  if (siteNetwork(src) === siteNetwork(dst)) {
    return reason(
      "internal",
      -2,
      "both ends are neighbours in one internal network",
    );
  }
  return around.livesIn(dst)
    ? reason("internal", -0.3, "both ends are internal, in different networks")
    : reason(
      "internal",
      0.3,
      "the address is private, but no host of its network was ever active",
    );
};

/**
 * What is absent from http and ssl says something only as far as these logs
 * cover the other web connections of the sensor.
 */
const port: Part = (measured, { around }) => {
  const { pair, facts } = measured, { subject } = pair;
  if (
    subject.proto !== "tcp" || subject.port === null ||
    pair.direction === "ingress"
  ) return null;
  const spoken = facts.requests > 0 || facts.tls > 0;
  const common = COMMON_PORTS.has(subject.port);
  if (spoken && !common) {
    return reason(
      "port",
      0.5,
      `HTTP or TLS on the unusual port ${subject.port}`,
      subject.port,
    );
  }
  if (!spoken && !common) {
    return reason(
      "port",
      1.2,
      `TCP port ${subject.port} belongs to no common service`,
      subject.port,
    );
  }
  const silent = !spoken && pair.name < 0 && facts.answered &&
    !isUnanswered(measured) && !isMidStream(measured);
  const cover = silent ? around.cover.web(subject.port) : 0;
  return cover > 0
    ? reason(
      "port",
      0.7 * cover,
      `port ${subject.port} without HTTP or TLS in it`,
      subject.port,
    )
    : null;
};

/** What one pair alone speaks in a whole network is no service of it. */
const lonePort: Part = (measured, { around }) => {
  const { pair, facts } = measured, { proto, port } = pair.subject;
  return proto !== "tcp" || port === null || COMMON_PORTS.has(port) ||
      pair.group || pair.direction === "ingress" || !facts.answered ||
      isUnanswered(measured) || !around.hasPortAlone(pair)
    ? null
    : reason("lone-port", 0.8, `nobody else uses TCP port ${port}`, port);
};

export const SERVICE_PARTS: readonly Part[] = [
  chatter,
  resolver,
  echo,
  empty,
  direction,
  insideTraffic,
  port,
  lonePort,
];
