import { MIN_HISTORY, MIN_HOSTS, type Scene } from "./detectors/mod.ts";
import { isDnsOverHttps } from "./features/names.ts";
import { count, plural, seconds } from "./wording.ts";

/** What became of the pairs of a hunt that are no findings. */
export interface PassedOver {
  /** Pairs of the dataset, and those of which there is a finding. */
  readonly pairs: number;
  readonly found: number;
  readonly hidden: Readonly<Record<string, number>>;
}

/** Most hosts that one sentence names. */
const NAMED = 5;

/**
 * Why nothing more was found, in sentences: what the logs are too short or too
 * small for, what was passed over by which rule, who resolves names where no
 * detector can see it.
 */
export function whyNotMore(scene: Scene, passed: PassedOver): string[] {
  if (scene.flows.length === 0) return [];
  return [
    ...shortSpan(scene),
    ...fewContacts(scene, passed),
    ...smallNetwork(scene),
    ...hiddenResolvers(scene),
  ];
}

/** A rhythm needs five check-ins, so four periods. */
function shortSpan({ span }: Scene): string[] {
  const out: string[] = [];
  if (span < 86_400) {
    out.push(
      `the logs span ${
        seconds(span)
      }: a beacon that calls less often than every ${
        seconds(span / 4)
      } cannot show in them`,
    );
  }
  if (span < 3600) {
    out.push(
      "connections that stay open for hours cannot be told from others in less than an hour of logs",
    );
  }
  return out;
}

function fewContacts(
  { measured }: Scene,
  { pairs, found, hidden }: PassedOver,
): string[] {
  const ruled = Object.values(hidden).reduce((sum, n) => sum + n, 0);
  const few = pairs - ruled - measured.length;
  const out: string[] = [];
  if (few > 0) {
    out.push(
      `${count(few)} of ${plural(pairs, "pair")} ${
        few === 1 ? "has" : "have"
      } fewer than 4 contacts and no connection of a minute: nothing in ${
        few === 1 ? "it" : "them"
      } repeats`,
    );
  }
  const below = measured.length - found;
  if (below > 0) {
    out.push(
      `${
        plural(below, "pair that repeats is", "pairs that repeat are")
      } below the lowest score of the list`,
    );
  }
  return out;
}

function smallNetwork({ around }: Scene): string[] {
  const out: string[] = [];
  if (around.hosts < MIN_HOSTS) {
    out.push(
      `prevalence counts for nothing: ${
        plural(around.hosts, "internal host was", "internal hosts were")
      } active, ${MIN_HOSTS} are needed`,
    );
  }
  if (around.history < MIN_HISTORY) {
    out.push(
      `first seen counts for nothing: there are ${
        seconds(around.history)
      } of history, 7 days are needed`,
    );
  }
  return out;
}

/** Hosts whose look-ups no dns log can hold: DoT and DoQ by port, DoH by name. */
function hiddenResolvers({ flows, internal }: Scene): string[] {
  const hosts = new Set<string>();
  const doh = flows.names.values.map(isDnsOverHttps);
  for (let f = 0; f < flows.length; f++) {
    if (!internal.has(flows.src.at(f))) continue;
    const a = flows.application.at(f);
    const name = a < 0 ? -1 : flows.applications.name[a];
    if (flows.port.at(f) === 853 || (name >= 0 && doh[name])) {
      hosts.add(flows.addresses.values[flows.src.at(f)]);
    }
  }
  if (hosts.size === 0) return [];
  const named = [...hosts].sort().slice(0, NAMED).join(", ");
  const more = hosts.size > NAMED ? ` and ${hosts.size - NAMED} more` : "";
  return [
    `names are resolved over TLS, QUIC or HTTPS by ${named}${more}: no dns log holds what is asked`,
  ];
}
