import type { Severity } from "../finding.ts";

/**
 * What a pair does, measured; each is independent of names and ports. See
 * `benign.ts` for how.
 */
export const BEHAVIOUR_DOCS = {
  "clock-sized": "a small request, and as much back or nothing",
  "download": "four times more received than sent",
  "small": "less than 3,000 B sent in a contact",
  "idle-channel": "open for an hour, alive, with hardly any data",
  "fans-in": "three sources or more use the destination's port",
  "fans-out": "the source uses this port on five destinations or more",
  "certificate": "the certificate bears the name, and is not self-signed",
  "resolved": "a DNS answer gave the address",
  "shared-agent": "the user agent is used by others or elsewhere, too",
  "shared-ja3": "the TLS fingerprint is shown to five destinations or more",
  "inside": "both ends are internal",
  "from-outside": "the source is outside, the destination inside",
  "unanswered": "nine of ten connections fail",
  "many-ports": "the source tries five ports or more of the destination",
  "keep-alive":
    "datagrams of one size, 128 B or less each way, to a port of its own, from the first tenth of the window to the last",
  "few-places": "the source contacts fewer than ten places",
} as const;

export type Behaviour = keyof typeof BEHAVIOUR_DOCS;

/** What no benign service does: it lifts the cap of a class. */
export const LIFT_DOCS = {
  "self-signed": "its certificate is self-signed",
  "other-subject": "its certificate bears another name",
  "literal-name": "an address stands where its name belongs",
  "sends-more": "it sends far more than it receives",
} as const;

export type Lift = keyof typeof LIFT_DOCS;

/**
 * A kind of benign traffic that repeats by itself. It needs at least two
 * independent signals of name, port, user agent and behaviour, so that no name
 * alone clears a pair, and what no benign service does lifts the cap.
 */
export interface BenignClass {
  readonly name: string;
  /** A sentence without a full stop. */
  readonly doc: string;
  /** Domains, each with the names under it. */
  readonly names?: readonly string[];
  /** "udp/123". */
  readonly ports?: readonly string[];
  readonly agents?: RegExp;
  readonly behaviours: readonly Behaviour[];
  /** Signals without which it is something else, whatever the others say. */
  readonly must: readonly ("name" | "port" | "agent" | Behaviour)[];
  /** Signals of which there must be one. */
  readonly oneOf?: readonly ("name" | "agent")[];
  /** How many signals there must be, at least 2. */
  readonly needs: number;
  /** Log-odds; 0 labels a pair without clearing it. */
  readonly effect: number;
  /** The highest severity that a pair of this class can have. */
  readonly cap: Severity;
  /** What makes it something else; all of them where absent. */
  readonly liftedBy?: readonly Lift[];
}
