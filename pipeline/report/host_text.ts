import { type HostInfo, organisationText } from "../finding.ts";
import type {
  FindingContext,
  RankedFinding,
  RunReport,
} from "../run_report.ts";
import { seconds, time } from "../wording.ts";

/** After so many seconds the owners of many addresses have changed. */
const OLD = 180 * 86_400;

/** "lab-pc (dhcp)", or "" where no name is known. */
export function hostLabel(host: HostInfo | null | undefined): string {
  return host?.name ? `${host.name} (${host.source})` : "";
}

/** What is known of a host, a line each; none where nothing is. */
export function hostFacts(
  host: HostInfo | null | undefined,
): [label: string, text: string][] {
  if (!host) return [];
  const { owner, role, mac, addresses, maybe } = host;
  const facts: [string, string | undefined][] = [
    ["host", hostLabel(host)],
    ["owner", owner],
    ["role", role],
    ["MAC", mac],
    ["also", addresses && `${addresses.join(", ")} (the same MAC)`],
    ["perhaps also", maybe && `${maybe.join(", ")} (the same name)`],
  ];
  return facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
}

/** Whose the destination is, who asked for the source, which sensor saw it. */
export function placeFacts(
  { organisation, proxy, sensor }:
    & FindingContext
    & Pick<RankedFinding, "sensor">,
): [label: string, text: string][] {
  const facts: [string, string][] = [];
  if (organisation) {
    facts.push(["organisation", organisationText(organisation)]);
  }
  if (proxy) {
    facts.push([
      "proxy",
      `${proxy} asked, and named the source in its headers`,
    ]);
  }
  if (sensor !== null) facts.push(["sensor", sensor]);
  return facts;
}

/** Which file says whose addresses are whose, and how old it is. */
export function organisationsText(
  { organisations, startedAt }: RunReport,
  timeZone: string,
): string | null {
  if (!organisations) return null;
  const { path, builtAt, saysWhen } = organisations;
  const age = Math.max(0, startedAt - builtAt);
  return `${path}, ${seconds(age)} old (${
    saysWhen ? "made" : "by the file's time"
  } ${time(builtAt, timeZone)})${
    age > OLD ? ": owners of addresses have changed since" : ""
  }`;
}
