import {
  bytes,
  duration,
  MISSING,
  number,
  span,
  zoneName,
} from "../../islands/_format.ts";
import { visible } from "../../islands/_visible.ts";
import { organisationText, type RankedFinding } from "../../pipeline/mod.ts";
import type { Intervals } from "./intervals.ts";

/** Who, to whom, how often, how much and when. */
export function Facts(
  { finding: f, intervals }: {
    finding: RankedFinding;
    intervals: Intervals | null;
  },
) {
  return (
    <dl class="facts">
      <div>
        <dt>From</dt>
        <dd class="mono">{visible(f.src)}</dd>
      </div>
      <div class="two">
        <dt>To</dt>
        <dd class="mono">
          {visible(f.name ?? f.dst)}
          <small>{destinationOf(f)}</small>
        </dd>
      </div>
      <div>
        <dt>Times</dt>
        <dd>{number(f.count)}</dd>
      </div>
      <div>
        <dt>Wait, median</dt>
        <dd>{intervals === null ? MISSING : duration(intervals.median)}</dd>
      </div>
      <div>
        <dt>Sent each time</dt>
        <dd>
          {bytes(medianOf(f.series.bytes))} <small>median</small>
        </dd>
      </div>
      <div class="two">
        <dt>
          Seen ({zoneName()}){f.sensor === null
            ? ""
            : ` by ${visible(f.sensor)}`}
        </dt>
        <dd class="range">
          {duration(f.lastTs - f.firstTs)}{" "}
          <small>{span(f.firstTs, f.lastTs)}</small>
        </dd>
      </div>
    </dl>
  );
}

const NAMED_BY = {
  host: "the Host header",
  sni: "the TLS server name",
  connect: "a proxy request",
  dns: "a DNS answer",
} as const;

/** "93.184.216.34, port 443/tcp; named by the TLS server name". */
function destinationOf(f: RankedFinding): string {
  const port = f.port === null
    ? visible(f.proto)
    : `port ${f.port}/${visible(f.proto)}`;
  const whose = organisationText(f.organisation);
  const of = whose === "" ? "" : `; of ${visible(whose)}`;
  if (f.name === null) return port + of;
  const source = f.nameSource === null
    ? ""
    : `; named by ${NAMED_BY[f.nameSource]}`;
  return `${visible(f.dst)}, ${port}${source}${of}`;
}

function medianOf(values: Float64Array): number {
  const known = values.filter((v) => !Number.isNaN(v)).sort();
  return known.length === 0 ? NaN : known[known.length >> 1];
}
