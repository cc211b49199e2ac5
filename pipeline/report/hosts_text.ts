import type {
  HostMark,
  HostOverview,
  HostSide,
  HostSummary,
  PairSummary,
} from "../store/session_store.ts";
import { count, plural, time } from "../wording.ts";
import { csv } from "./csv.ts";
import { styled, type Terminal } from "./terminal.ts";
import { visible } from "./visible.ts";

type Marks = ReadonlyMap<string, HostMark>;

/** Hosts as a table, with what people say of them. */
export function hostsText(
  hosts: readonly HostSummary[],
  marks: Marks,
  terminal: Terminal,
  timeZone: string,
): string {
  if (hosts.length === 0) return "\n  There is no host.\n";
  const wide = Math.max(...hosts.map(({ address }) => address.length), 7);
  const head = `  ${"address".padEnd(wide)}  ${"connections".padStart(11)}  ${
    `first (${timeZone})`.padEnd(19)
  }  ${"last".padEnd(19)}  tags`;
  return [
    "",
    styled(terminal, "dim", head),
    ...hosts.map(({ address, records, firstTs, lastTs }) => {
      const { tags = [], notes = [] } = marks.get(address) ?? {};
      const said = [
        ...tags.map(visible),
        ...(notes.length > 0 ? [`(${plural(notes.length, "note")})`] : []),
      ].join(", ");
      return `  ${address.padEnd(wide)}  ${count(records).padStart(11)}  ${
        time(firstTs, timeZone).padEnd(19)
      }  ${time(lastTs, timeZone).padEnd(19)}  ${said}`.trimEnd();
    }),
    "",
  ].join("\n");
}

export function hostsCsv(hosts: readonly HostSummary[], marks: Marks): string {
  return csv(
    ["address", "connections", "firstTs", "lastTs", "tags", "notes"],
    hosts.map(({ address, records, firstTs, lastTs }) => {
      const { tags = [], notes = [] } = marks.get(address) ?? {};
      return [
        address,
        records,
        firstTs,
        lastTs,
        tags.join(", "),
        notes.map(({ text }) => text).join(" | "),
      ];
    }),
  );
}

/** Peers and names that are named. */
const SHOWN = 5;

/** One host: its counts, busiest peers and names, sensors, tags and notes. */
export function oneHostText(
  host: HostOverview,
  mark: HostMark,
  terminal: Terminal,
  timeZone: string,
): string {
  const { asSource, asDestination, names, sensors } = host;
  const lines = [
    "",
    `  ${styled(terminal, "bold", visible(host.address))}${
      mark.tags.length > 0 ? `  ${mark.tags.map(visible).join(", ")}` : ""
    }`,
    `    from it  ${sideText(asSource, "destination", timeZone)}`,
    ...peerLines(asSource.top, "dst"),
    `    to it    ${sideText(asDestination, "source", timeZone)}`,
    ...peerLines(asDestination.top, "src"),
  ];
  if (names.length > 0) {
    const some = names.slice(0, SHOWN)
      .map(({ name, count: n }) => `${visible(name ?? "")} (${count(n)})`);
    lines.push(`    names    ${some.join(", ")}`);
  }
  const named = sensors.filter(({ sensor }) => sensor !== null);
  if (named.length > 0) {
    const some = named.map(({ sensor, records }) =>
      `${visible(sensor!)} (${count(records)})`
    );
    lines.push(`    sensors  ${some.join(", ")}`);
  }
  for (const { id, at, who, text } of mark.notes) {
    lines.push(
      `    note ${id}  ${time(at, timeZone)}${who ? ` ${visible(who)}` : ""}: ${
        visible(text)
      }`,
    );
  }
  return [...lines, ""].join("\n");
}

function sideText(side: HostSide, peers: string, timeZone: string): string {
  const { records, firstTs, lastTs } = side;
  if (firstTs === null || lastTs === null) return "no connection";
  return `${plural(records, "connection")}, ${plural(side.peers, peers)}, ${
    time(firstTs, timeZone)
  } to ${time(lastTs, timeZone)} ${timeZone}`;
}

function peerLines(
  pairs: readonly PairSummary[],
  other: "src" | "dst",
): string[] {
  return pairs.slice(0, SHOWN).map((pair) =>
    `             ${pair[other]}${
      pair.port === null ? "" : ` port ${pair.port}`
    }, ${plural(pair.count, "connection")}`
  );
}
