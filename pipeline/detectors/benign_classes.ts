import type { Severity } from "../finding.ts";
import { INSIDE_CLASSES } from "./benign_inside.ts";

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

/** Every class; a new one is an entry here and a fixture of each kind in the tests. */
export const BENIGN_CLASSES: readonly BenignClass[] = [
  {
    name: "time sync",
    doc: "NTP polls of equal size both ways (RFC 5905)",
    ports: ["udp/123"],
    behaviours: ["clock-sized"],
    must: ["port", "clock-sized"],
    needs: 2,
    effect: -6,
    cap: "none",
  },
  {
    name: "OS update",
    doc: "operating systems and package managers look for updates",
    names: [
      "windowsupdate.com",
      "update.microsoft.com",
      "delivery.mp.microsoft.com",
      "dsp.mp.microsoft.com",
      "swscan.apple.com",
      "swcdn.apple.com",
      "mesu.apple.com",
      "archive.ubuntu.com",
      "security.ubuntu.com",
      "changelogs.ubuntu.com",
      "snapcraft.io",
      "snapcraftcontent.com",
      "deb.debian.org",
      "security.debian.org",
      "fedoraproject.org",
      "mirrors.centos.org",
      "dl.google.com",
      "update.googleapis.com",
      "repos-droplet.digitalocean.com",
    ],
    agents:
      /^(Microsoft-Delivery-Optimization|Windows-Update-Agent|Microsoft BITS|Debian APT|apt-|dnf|yum|PackageKit|snapd|Google Update)/i,
    behaviours: [
      "download",
      "certificate",
      "shared-ja3",
      "resolved",
      "shared-agent",
    ],
    must: ["name"],
    needs: 2,
    effect: -2,
    cap: "low",
  },
  {
    name: "OS telemetry",
    doc: "operating systems report and fetch settings and tiles",
    names: [
      "data.microsoft.com",
      "events.data.microsoft.com",
      "settings-win.data.microsoft.com",
      "msn.com",
      "weather.microsoft.com",
      "msftconnecttest.com",
      "msftncsi.com",
      "connectivitycheck.gstatic.com",
      "captive.apple.com",
      "metrics.icloud.com",
      "daisy.ubuntu.com",
    ],
    behaviours: [
      "download",
      "certificate",
      "shared-ja3",
      "small",
      "resolved",
      "shared-agent",
    ],
    must: ["name"],
    needs: 2,
    effect: -2,
    cap: "low",
  },
  {
    name: "office and collaboration",
    doc: "mail, chat, calendars and shared files keep in touch",
    names: [
      "office.com",
      "office365.com",
      "outlook.com",
      "sharepoint.com",
      "teams.microsoft.com",
      "live.com",
      "slack.com",
      "zoom.us",
      "webex.com",
      "dropbox.com",
      "box.com",
      "grammarly.com",
      "grammarly.io",
      "icloud.com",
      "googleapis.com",
      "google.com",
      "jitsi.net",
      "whatsapp.net",
    ],
    behaviours: [
      "certificate",
      "shared-ja3",
      "resolved",
      "shared-agent",
      "download",
    ],
    must: ["name"],
    needs: 2,
    effect: -1.2,
    cap: "low",
  },
  {
    name: "endpoint protection",
    doc: "antivirus and EDR agents ask their cloud",
    names: [
      "eset.com",
      "kaspersky.com",
      "sophos.com",
      "symantec.com",
      "symcb.com",
      "avast.com",
      "avg.com",
      "avira.com",
      "bitdefender.com",
      "bitdefender.net",
      "mcafee.com",
      "trendmicro.com",
      "f-secure.com",
      "crowdstrike.com",
      "cloudsink.net",
      "sentinelone.net",
      "wdcp.microsoft.com",
      "wd.microsoft.com",
      "malwarebytes.com",
    ],
    behaviours: [
      "certificate",
      "shared-ja3",
      "resolved",
      "shared-agent",
      "small",
    ],
    must: ["name"],
    needs: 2,
    effect: -1.8,
    cap: "low",
  },
  {
    name: "push notification",
    doc: "one connection to a push service is kept alive for hours",
    names: [
      "wns.windows.com",
      "push.apple.com",
      "mtalk.google.com",
      "push.services.mozilla.com",
      "pushwoosh.com",
    ],
    ports: ["tcp/443", "tcp/5223", "tcp/5228", "tcp/8883"],
    behaviours: ["idle-channel"],
    must: ["idle-channel", "port"],
    needs: 2,
    effect: -1,
    cap: "medium",
  },
  {
    name: "certificate status",
    doc: "OCSP and CRL look-ups (RFC 6960)",
    names: [
      "ocsp.digicert.com",
      "crl3.digicert.com",
      "ocsp.sectigo.com",
      "ocsp.pki.goog",
      "crl.pki.goog",
      "lencr.org",
      "ocsp.verisign.com",
      "crl.verisign.com",
      "ocsp.globalsign.com",
      "crl.microsoft.com",
      "ocsp.comodoca.com",
      "ocsp.entrust.net",
    ],
    ports: ["tcp/80"],
    agents: /^(Microsoft-CryptoAPI|ocspd|trustd|com\.apple\.trustd)/i,
    behaviours: ["download", "small"],
    must: ["port"],
    oneOf: ["name", "agent"],
    needs: 3,
    effect: -2,
    cap: "low",
  },
  {
    name: "analytics",
    doc: "pages and programs count their users",
    names: [
      "google-analytics.com",
      "doubleclick.net",
      "googlesyndication.com",
      "app-measurement.com",
      "crashlytics.com",
      "sentry.io",
      "scorecardresearch.com",
      "newrelic.com",
      "segment.io",
      "hotjar.com",
    ],
    behaviours: ["certificate", "shared-ja3", "shared-agent", "resolved"],
    must: ["name"],
    needs: 2,
    effect: -1.5,
    cap: "low",
  },
  ...INSIDE_CLASSES,
  {
    name: "telephony",
    doc:
      "SIP, STUN and NAT traversal keep a session alive (RFC 3261, 5389, 3948)",
    ports: ["udp/5060", "udp/3478", "udp/4500"],
    behaviours: ["clock-sized"],
    must: ["port", "clock-sized"],
    needs: 2,
    effect: -2,
    cap: "low",
  },
  {
    name: "background scanning",
    doc: "hosts outside knock at one's addresses, and nobody answers",
    behaviours: ["from-outside", "unanswered", "fans-out", "many-ports"],
    must: ["from-outside", "unanswered"],
    needs: 2,
    effect: -2,
    cap: "none",
  },
  {
    name: "remote administration",
    doc: "remote support software: it is what it says, whoever uses it",
    names: [
      "teamviewer.com",
      "anydesk.com",
      "logmein.com",
      "logmein-gateway.com",
      "screenconnect.com",
      "splashtop.com",
      "ngrok.io",
      "ngrok.com",
      "rustdesk.com",
      "dwservice.net",
    ],
    ports: ["tcp/443", "tcp/5938", "tcp/7070"],
    behaviours: ["certificate", "resolved"],
    must: ["name"],
    needs: 2,
    effect: 0,
    cap: "critical",
  },
];
