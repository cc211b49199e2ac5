import { addressBytes, type HostSummary } from "../pipeline/mod.ts";

export type HostOrder = "address" | "records" | "findings" | "first" | "last";

/** Columns of the list of hosts, each of which orders it. */
export const HOST_ORDERS: readonly {
  readonly name: HostOrder;
  readonly label: string;
  readonly numeric: boolean;
}[] = [
  { name: "address", label: "Address", numeric: false },
  { name: "records", label: "Connections", numeric: true },
  { name: "findings", label: "Findings", numeric: true },
  { name: "first", label: "First seen", numeric: false },
  { name: "last", label: "Last seen", numeric: false },
];

/** What `?sort=` says; by records for anything else. */
export function orderOf(url: URL): HostOrder {
  const asked = url.searchParams.get("sort");
  return HOST_ORDERS.find(({ name }) => name === asked)?.name ?? "records";
}

export interface HostPage {
  readonly rows: readonly HostSummary[];
  /** Address after which the next page begins; null on the last. */
  readonly next: string | null;
  readonly matching: number;
}

/** Whether a host's address begins so, or one of its tags is that. */
export function matching(
  text: string,
  tags: ReadonlyMap<string, readonly string[]>,
): (host: HostSummary) => boolean {
  const tag = text.toLowerCase();
  return ({ address }) =>
    address.startsWith(text) ||
    (tags.get(address)?.some((one) => one.toLowerCase() === tag) ?? false);
}

/** A page of the hosts that match, in the order asked for. */
export function hostPage(
  hosts: readonly HostSummary[],
  findings: ReadonlyMap<string, number>,
  { matches, order, after, limit }: {
    readonly matches: (host: HostSummary) => boolean;
    readonly order: HostOrder;
    readonly after: string | null;
    readonly limit: number;
  },
): HostPage {
  const ordered = hosts.filter(matches)
    .sort(comparing(order, findings));
  const at = after === null
    ? 0
    : ordered.findIndex(({ address }) => address === after) + 1;
  const rows = ordered.slice(at, at + limit);
  return {
    rows,
    next: at + limit < ordered.length ? rows.at(-1)!.address : null,
    matching: ordered.length,
  };
}

type Compare = (a: HostSummary, b: HostSummary) => number;

/** Ties go by address, so that pages neither repeat nor leave out. */
function comparing(
  order: HostOrder,
  findings: ReadonlyMap<string, number>,
): Compare {
  const found = ({ address }: HostSummary) => findings.get(address) ?? 0;
  const by: Readonly<Record<HostOrder, Compare>> = {
    address: () => 0,
    records: (a, b) => b.records - a.records,
    findings: (a, b) => found(b) - found(a),
    first: (a, b) => a.firstTs - b.firstTs,
    last: (a, b) => b.lastTs - a.lastTs,
  };
  return (a, b) => by[order](a, b) || compareAddress(a.address, b.address);
}

/** As numbers, IPv4 and IPv6 each: 10.0.0.9 before 10.0.0.10. */
function compareAddress(a: string, b: string): number {
  const x = addressBytes(a) ?? [], y = addressBytes(b) ?? [];
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    if (x[i] !== y[i]) return (x[i] ?? -1) - (y[i] ?? -1);
  }
  return 0;
}
