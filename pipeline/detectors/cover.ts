import { FLOW, type Flows } from "../features/flows.ts";

/** What http and ssl tell of web connections, each of its own port. */
export interface Cover {
  /**
   * Share of the answered TCP connections to the port, seen from their start,
   * that the log of its protocol tells of; 0 where there are none.
   */
  web(port: number): number;
  /** Of those, or of all web connections for any other port: with a name known. */
  name(port: number | null): number;
}

/** The log that tells of 80 says nothing of 443: each may be missing alone. */
const WEB = [80, 443] as const;

export function coverOf(flows: Flows): Cover {
  const A = flows.applications, tcp = flows.protos.values.indexOf("tcp");
  const seen = [0, 0], told = [0, 0], named = [0, 0];
  const unseen = FLOW.failed | FLOW.midStream | FLOW.empty;
  for (let f = 0; f < flows.length; f++) {
    const w = (WEB as readonly number[]).indexOf(flows.port.at(f));
    if (w < 0 || flows.proto.at(f) !== tcp) continue;
    if ((flows.flags.at(f) & unseen) !== 0 || !(flows.down.at(f) > 0)) continue;
    seen[w]++;
    const a = flows.application.at(f);
    if (a < 0) continue;
    told[w]++;
    if (A.name[a] >= 0 || A.literal[a]) named[w]++;
  }
  const both = seen[0] + seen[1];
  // Without web traffic a name can come from elsewhere, or from nowhere.
  const ofAll = both > 0
    ? (named[0] + named[1]) / both
    : Number(flows.names.values.length > 0);
  const of = (counts: readonly number[], port: number, otherwise: number) => {
    const w = (WEB as readonly number[]).indexOf(port);
    return w >= 0 && seen[w] > 0 ? counts[w] / seen[w] : otherwise;
  };
  return {
    web: (port) => of(told, port, 0),
    name: (port) => of(named, port ?? -1, ofAll),
  };
}
