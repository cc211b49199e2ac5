import { FLOW, type Flows } from "../features/flows.ts";

/**
 * Of the answered web connections seen from their start: the share that http
 * or ssl tells of, and the share that a name is known of.
 */
export function coverOf(flows: Flows): { webCover: number; nameCover: number } {
  const A = flows.applications, tcp = flows.protos.values.indexOf("tcp");
  let web = 0, told = 0, named = 0;
  const unseen = FLOW.failed | FLOW.midStream | FLOW.empty;
  for (let f = 0; f < flows.length; f++) {
    const port = flows.port.at(f);
    if (flows.proto.at(f) !== tcp || (port !== 80 && port !== 443)) continue;
    if ((flows.flags.at(f) & unseen) !== 0 || !(flows.down.at(f) > 0)) continue;
    web++;
    const a = flows.application.at(f);
    if (a >= 0) told++;
    if (a >= 0 && (A.name[a] >= 0 || A.literal[a])) named++;
  }
  // Without web traffic a name can come from elsewhere, or from nowhere.
  if (web === 0) {
    return { webCover: 0, nameCover: flows.names.values.length > 0 ? 1 : 0 };
  }
  return { webCover: told / web, nameCover: named / web };
}
