import type { Flows } from "./features/flows.ts";
import type { Corrections } from "./scene.ts";
import { plural } from "./wording.ts";

/** What cannot show for want of a log, and records that were read twice. */
export function logNotes(flows: Flows): string[] {
  const out: string[] = [];
  const absent = (type: string) => !flows.records[type];
  if (absent("conn")) {
    out.push("no conn log: sizes, durations and other protocols are unknown");
  }
  if (absent("http")) {
    out.push("no http log: Host, user agent and proxies are unknown");
  }
  if (absent("ssl")) out.push("no ssl log: TLS server names are unknown");
  if (absent("dns")) {
    out.push(
      "no dns log: tunnels over DNS cannot show, nor addresses be named by answers",
    );
  }
  for (const [type, n] of Object.entries(flows.repeated)) {
    out.push(
      `${n} ${type} records repeat one that was read before: counted once`,
    );
  }
  return out;
}

/** What was put right before the hunt. */
export function correctionNotes(
  { merged, proxies, devices }: Corrections,
): string[] {
  const out: string[] = [];
  if (devices.length > 0) {
    out.push(
      `${plural(devices.length, "device")} had several addresses by the MAC: ` +
        "each is one host",
    );
  }
  if (merged > 0) {
    out.push(
      `${
        plural(merged, "connection")
      } seen by two sensors: counted once, and ` +
        "sensors that see the same go by one name",
    );
  }
  if (proxies.size > 0) {
    const through = [...new Set(proxies.values())].sort().join(", ");
    out.push(
      `${plural(proxies.size, "connection")} of a proxy (${through}) got the ` +
        "source that its headers name",
    );
  }
  return out;
}
