import {
  isMidStream,
  isUnanswered,
  type Part,
  percent,
  reason,
} from "./context_part.ts";

/** Where a connection without HTTP or TLS in it hides what it is. */
const WEB_PORTS = new Set([80, 443]);

const name: Part = (measured, { around, flows }) => {
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
  if (flows.resolved.has(pair.subject.dst)) {
    return reason("name", -0.6, "a DNS answer gave this address");
  }
  // What groups them may not be a name, but each of them may have one.
  if (pair.group?.pairs.some((member) => member.name >= 0)) return null;
  if (isMidStream(measured) || pair.direction === "internal") return null;
  // What is not answered tells no name, nor does what is neither HTTP nor TLS:
  // only DNS could have seen one.
  const dumb = facts.tls === 0 && facts.requests === 0 &&
    !WEB_PORTS.has(pair.subject.port ?? -1);
  const cover = isUnanswered(measured) || (dumb && flows.resolved.size === 0)
    ? (flows.resolved.size > 0 ? 0.5 : 0)
    : around.cover.name(pair.subject.port);
  return cover === 0 ? null : reason(
    "name",
    0.9 * cover,
    "the address was contacted without any name",
  );
};

/** What a client of Encrypted Client Hello shows instead of the real name. */
const OUTER_NAMES = new Set(["cloudflare-ech.com"]);

/** Fewer names than this in dns.log, and one that is absent says nothing. */
const ASKED = 0.7;

/**
 * What hides behind a name: a front, or a name that nobody looked up. A proxy
 * looks up for its clients; a group has no name of its own.
 */
const hiddenName: Part = ({ pair, facts }, { around, flows }) => {
  if (pair.name < 0 || pair.group) return null;
  if (facts.certDiffers > 0) {
    return reason(
      "hidden-name",
      1.2,
      "the certificate does not bear the name that was asked for",
      facts.certDiffers,
      "connections",
    );
  }
  if (facts.fronted > 0) {
    return reason(
      "hidden-name",
      1.2,
      "the TLS name lies in another domain than the Host or the proxy's target",
      facts.fronted,
      "connections",
    );
  }
  const { name, nameSource } = pair.subject;
  if (OUTER_NAMES.has(name ?? "")) {
    return reason(
      "hidden-name",
      0.4,
      "the TLS name is the outer one of Encrypted Client Hello",
      name,
    );
  }
  return around.dnsCover < ASKED || nameSource === "connect" ||
      flows.queried.has(name ?? "")
    ? null
    : reason(
      "hidden-name",
      0.6 * around.dnsCover,
      "no host ever looked this name up",
    );
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

const certificate: Part = ({ facts, pair }) => {
  const nameless = facts.tls > 0 && facts.tlsWithoutName > facts.tls / 2;
  if (facts.selfSigned > 0) {
    return reason(
      "certificate",
      nameless ? 1.6 : 1.2,
      nameless
        ? "the certificate is self-signed, and no server name was asked for"
        : "the certificate is self-signed",
      facts.selfSigned,
    );
  }
  if (nameless) {
    return reason(
      "certificate",
      0.8,
      "TLS is established without a server name",
      facts.tlsWithoutName,
    );
  }
  return pair.name >= 0 && facts.certMatches > 0.5 * facts.tls
    ? reason(
      "certificate",
      -0.3,
      "the certificate bears the name that was asked for",
      facts.certMatches,
      "connections",
    )
    : null;
};

/** Programs have their own way to begin TLS: rare is a program of its own. */
const ja3: Part = ({ pair, facts }, { around }) => {
  // A group by fingerprint is all that shows it.
  if (facts.ja3.length === 0 || pair.group) return null;
  const names = facts.ja3.map((code) => around.ja3Names(pair.src, code));
  if (names.every((n) => n === 1)) {
    const sources = Math.max(
      ...facts.ja3.map((code) => around.ja3Sources(code)),
    );
    // What several hosts show to one place only is a program they all have.
    return sources >= 3 ? null : reason(
      "ja3",
      0.6,
      "the source shows this TLS fingerprint (JA3, JA4) nowhere else",
    );
  }
  const widest = Math.max(...names);
  return widest >= 5
    ? reason(
      "ja3",
      -0.5,
      `the source shows this TLS fingerprint to ${widest} destinations`,
      widest,
      "destinations",
    )
    : null;
};

export const NAME_PARTS: readonly Part[] = [
  name,
  hiddenName,
  missingHost,
  certificate,
  ja3,
];
