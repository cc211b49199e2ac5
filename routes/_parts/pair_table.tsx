import { MISSING, number, span, zoneName } from "../../islands/_format.ts";
import { cut, visible } from "../../islands/_visible.ts";
import type { PairSummary } from "../../pipeline/mod.ts";

interface Props {
  readonly dataset: string;
  readonly pairs: readonly PairSummary[];
  readonly label: string;
}

/** Who talked to whom, each with a way to its sessions. */
export function PairTable({ dataset, pairs, label }: Props) {
  // Connections have none: no column that is empty all the way down.
  const named = pairs.some(({ name }) => name);
  return (
    <div
      class="scroll"
      tabIndex={0}
      role="region"
      aria-label={`${label}: list`}
    >
      <table class="blocks">
        <thead>
          <tr>
            <th scope="col">Source → destination</th>
            {named ? <th scope="col">Name</th> : null}
            <th scope="col" class="num">Port</th>
            <th scope="col">Log</th>
            <th scope="col" class="num">Records</th>
            <th scope="col">Times ({zoneName()})</th>
          </tr>
        </thead>
        <tbody>
          {pairs.map((pair, i) => (
            <tr key={i}>
              <td class="path">
                <HostLink dataset={dataset} address={pair.src} /> →{" "}
                <HostLink dataset={dataset} address={pair.dst} />
              </td>
              {named
                ? <td class="wrap">{cut(visible(pair.name ?? ""), 120)}</td>
                : null}
              <td class="num" data-k="port">{pair.port ?? MISSING}</td>
              <td>{visible(pair.logType)}</td>
              <td class="num" data-k="records">
                <a href={sessionsOf(dataset, pair)}>{number(pair.count)}</a>
              </td>
              <td class="nowrap">{span(pair.firstTs, pair.lastTs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function HostLink(
  { dataset, address }: { dataset: string; address: string },
) {
  if (address === "") return <span>{MISSING}</span>;
  return (
    <a class="mono" href={hostPath(dataset, address)}>{visible(address)}</a>
  );
}

export function hostPath(dataset: string, address: string): string {
  const query = new URLSearchParams({ dataset });
  return `/hosts/${encodeURIComponent(address)}?${query}`;
}

function sessionsOf(dataset: string, pair: PairSummary): string {
  const { src, dst, port, logType } = pair;
  const query = new URLSearchParams({ dataset, src, dst, type: logType });
  if (port !== null) query.set("port", String(port));
  return `/sessions?${query}`;
}
