import { siteNamed } from "./features/sites.ts";
import type { Flows } from "./features/flows.ts";
import type { Finding } from "./finding.ts";
import type { HostNames, Organisations } from "./hosts/mod.ts";
import type { FindingContext } from "./run_report.ts";
import type { Corrections } from "./scene.ts";

export interface Knowledge {
  readonly flows: Flows;
  readonly corrections: Corrections;
  readonly hostNames: HostNames;
  readonly organisations?: Organisations;
  /** Whether an address of the flows is one's own, by its text. */
  readonly isInternal: (address: string) => boolean;
}

/** What is known of the ends of a finding besides what they do. */
export function contextOf(
  finding: Finding,
  { flows, corrections, hostNames, organisations, isInternal }: Knowledge,
): FindingContext {
  const { sites, devices, proxies } = corrections;
  const site = siteNamed(flows, sites, finding.sensor);
  const seen = { from: finding.firstTs, to: finding.lastTs, site };
  const hostOf = (address: string) => {
    const device = devices.find((one) =>
      one.address === address && one.site === site
    );
    return hostNames.infoOf(address, seen, device?.mac, device?.others);
  };
  return {
    srcHost: hostOf(finding.src),
    dstHost: hostOf(finding.dst),
    organisation: isInternal(finding.dst)
      ? null
      : organisations?.of(finding.dst) ?? null,
    proxy: proxies.get(finding.uids[0]) ?? null,
  };
}
