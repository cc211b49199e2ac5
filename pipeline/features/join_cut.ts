import { FLOW, type Flows } from "./flows.ts";

/**
 * Longest pause within one TCP connection, seconds: a keep-alive comes after
 * two hours of silence at the latest (RFC 1122, 4.2.3.6).
 */
const TCP_PAUSE = 3 * 3600;
/** Longest pause within one UDP conversation: two of its own timeouts of 30 minutes. */
const UDP_PAUSE = 3600;

/** The connections of one pair, after joining what the sensor cut. */
export interface Joined {
  /** Flows that begin a connection, in time order. */
  readonly starts: Uint32Array;
  /** Seconds of the longest connection, and the flow that begins it. */
  readonly longest: number;
  readonly longestFlow: number;
  /** The flows of the connection that was cut most often; one if none was. */
  readonly mostCut: ArrayLike<number>;
}

/**
 * Records of one socket that begin midway are parts of the connection before
 * them, not check-ins: Zeek ends a record when nothing was said for
 * `tcp_inactivity_timeout` (5 min) or `udp_inactivity_timeout` (1 min) and
 * begins another when the connection speaks again. A UDP socket has no
 * beginning of its own, so that its next record continues it.
 *
 * @param ordered flows of one pair, in time order; not empty.
 */
export function joinCut(flows: Flows, ordered: Uint32Array): Joined {
  return mayBeCut(flows, ordered)
    ? joinedBySocket(flows, ordered)
    : uncut(flows, ordered);
}

/** A look that spares most TCP pairs the rest: what begins midway, is marked. */
function mayBeCut(flows: Flows, ordered: Uint32Array): boolean {
  const udp = flows.protos.values.indexOf("udp");
  // All flows of a pair are of one protocol.
  if (flows.proto.at(ordered[0]) === udp) return true;
  for (const f of ordered) if (flows.flags.at(f) & FLOW.midStream) return true;
  return false;
}

function uncut(flows: Flows, ordered: Uint32Array): Joined {
  let longest = 0, longestFlow = ordered[0];
  for (const f of ordered) {
    const ts = flows.ts.at(f);
    const lasts = ts + (flows.duration.at(f) || 0) - ts;
    if (lasts > longest) {
      longest = lasts;
      longestFlow = f;
    }
  }
  return {
    starts: ordered,
    longest,
    longestFlow,
    mostCut: ordered.subarray(0, 1),
  };
}

function joinedBySocket(flows: Flows, ordered: Uint32Array): Joined {
  const tcp = flows.protos.values.indexOf("tcp");
  const udp = flows.protos.values.indexOf("udp");
  const bySocket = new Map<number, { parts: number[]; end: number }>();
  const starts: number[] = [];
  let longest = 0, longestFlow = ordered[0];
  let mostCut: readonly number[] = [ordered[0]];
  for (const f of ordered) {
    const socket = flows.dst.at(f) * 65_537 + (flows.origPort.at(f) || 0);
    const end = flows.ts.at(f) + (flows.duration.at(f) || 0);
    let connection = bySocket.get(socket);
    const pause = connection ? flows.ts.at(f) - connection.end : Infinity;
    const goesOn = flows.proto.at(f) === tcp
      ? (flows.flags.at(f) & FLOW.midStream) !== 0 && pause <= TCP_PAUSE
      : flows.proto.at(f) === udp && flows.origPort.at(f) > 0 &&
        pause <= UDP_PAUSE;
    if (connection && goesOn) {
      connection.parts.push(f);
      connection.end = Math.max(connection.end, end);
    } else {
      bySocket.set(socket, connection = { parts: [f], end });
      starts.push(f);
    }
    const { parts } = connection;
    if (parts.length > mostCut.length) mostCut = parts;
    const lasts = connection.end - flows.ts.at(parts[0]);
    if (lasts > longest) {
      longest = lasts;
      longestFlow = parts[0];
    }
  }
  return {
    starts: starts.length === ordered.length
      ? ordered
      : Uint32Array.from(starts),
    longest,
    longestFlow,
    mostCut,
  };
}
