import { useEffect, useState } from "preact/hooks";
import { bytes, duration, MISSING, time, zoneName } from "./_format.ts";
import { chance } from "./_net_cuts.ts";
import type { NetView, PairDetail, SessionRow } from "./_net.ts";
import { load, messageOf } from "./_request.ts";
import { cut, visible } from "./_visible.ts";

/** Fields that tell one row from another, by Zeek's names. */
const FIELDS = {
  request: [
    "method",
    "host",
    "uri",
    "status_code",
    "request_body_len",
    "response_body_len",
    "user_agent",
  ],
  connection: [
    "proto",
    "service",
    "duration",
    "orig_bytes",
    "resp_bytes",
    "conn_state",
    "history",
  ],
} as const;

/** The likeliest sessions of a pair, fetched when they are looked at. */
export function PairSessions(
  { dataset, pair, unit }: {
    dataset: string;
    pair: string;
    unit: NetView["unit"];
  },
) {
  const [detail, setDetail] = useState<PairDetail | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    const of = new URLSearchParams({ dataset, pair });
    load<PairDetail>(`/api/net/pair?${of}`).then(
      (found) => wanted && setDetail(found),
      (e) => wanted && setError(messageOf(e)),
    );
    return () => {
      wanted = false;
    };
  }, [dataset, pair]);

  if (error !== null) return <p class="what" role="alert">{error}</p>;
  if (detail === null) {
    return <p class="note" role="status">Reading {unit}s.</p>;
  }
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={`Its ${unit}s`}>
      <table class="raw">
        <thead>
          <tr>
            <th scope="col" class="num">P</th>
            <th scope="col">ts ({zoneName()})</th>
            <th scope="col">uid</th>
            {FIELDS[unit].map((name) => <th key={name} scope="col">{name}</th>)}
          </tr>
        </thead>
        <tbody>
          {detail.requests.map((row, i) => (
            <tr key={i}>
              <td class="num">{chance(row.probability)}</td>
              <td>{time(row.ts, "µs")}</td>
              <td>
                <SessionLink uid={row.uid} dataset={dataset} />
              </td>
              {FIELDS[unit].map((name) => <td key={name}>{cell(name, row)}
              </td>)}
            </tr>
          ))}
        </tbody>
      </table>
      <History history={detail.history} />
    </div>
  );
}

const SAID = {
  beacon: "Confirmed",
  benign: "Rejected",
  none: "Taken back",
} as const;

/** Who said what of the pair, when and by which net's word. */
function History({ history }: Pick<PairDetail, "history">) {
  if (history.length === 0) return null;
  return (
    <ul class="said">
      {history.map(({ at, who, why, answer }, i) => (
        <li key={i}>
          {SAID[answer ?? "none"]} {time(at)} {zoneName()}
          {who === "" ? "" : ` by ${who}`}
          {why === "" ? "" : `: ${why}`}
        </li>
      ))}
    </ul>
  );
}

function cell(name: string, { fields }: SessionRow): string {
  const value = fields[name];
  if (value === undefined) return MISSING;
  if (/_(len|bytes)$/.test(name) && typeof value === "number") {
    return bytes(value);
  }
  if (name === "duration") return duration(Number(value));
  return cut(String(value), 60);
}

/** Zeek's uids have 18 characters; a longer one is not Zeek's. */
const UID_LENGTH = 32;

/** A uid, as a link to its session. */
export function SessionLink(
  { uid, dataset }: { uid: string; dataset: string },
) {
  if (uid === "") return <>{MISSING}</>;
  const query = new URLSearchParams({ dataset });
  return (
    <a href={`/sessions/${encodeURIComponent(uid)}?${query}`}>
      {cut(visible(uid), UID_LENGTH)}
    </a>
  );
}
