import {
  bytes,
  duration,
  MISSING,
  time,
  zoneName,
} from "../../islands/_format.ts";
import { cut, visible } from "../../islands/_visible.ts";
import type { StoredRecord } from "../../pipeline/mod.ts";
import { HostLink } from "./pair_table.tsx";

interface Props {
  readonly dataset: string;
  readonly sessions: readonly StoredRecord[];
}

type Fields = StoredRecord["fields"];

/** One line per record: when, who to whom, what, how much. */
export function SessionRows({ dataset, sessions }: Props) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Sessions">
      <table class="blocks">
        <thead>
          <tr>
            <th scope="col">Time ({zoneName()})</th>
            <th scope="col">Session</th>
            <th scope="col">Source → destination</th>
            <th scope="col">What</th>
            <th scope="col" class="num">Duration</th>
            <th scope="col" class="num">Sent</th>
            <th scope="col" class="num">Received</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session, i) => (
            <Row key={i} dataset={dataset} {...session} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row(
  { dataset, logType, fields }: StoredRecord & { dataset: string },
) {
  const [sent, received] = sizesOf(logType, fields);
  return (
    <tr>
      <td class="nowrap">{time(numberOf(fields, "ts"), "µs")}</td>
      <td class="nowrap">
        <SessionLink dataset={dataset} fields={fields} />
      </td>
      <td class="path">
        <HostLink dataset={dataset} address={textOf(fields, "id.orig_h")} /> →
        {" "}
        <HostLink dataset={dataset} address={textOf(fields, "id.resp_h")} />
        {fields["id.resp_p"] === undefined ? "" : `:${fields["id.resp_p"]}`}
      </td>
      <td class="wrap">{cut(visible(whatOf(logType, fields)), 120)}</td>
      <td class="num" data-k="duration">
        {duration(numberOf(fields, "duration"))}
      </td>
      <td class="num" data-k="sent">{bytes(sent)}</td>
      <td class="num" data-k="received">{bytes(received)}</td>
    </tr>
  );
}

/** With the pair, so that nothing has to be indexed to find it. */
function SessionLink({ dataset, fields }: { dataset: string; fields: Fields }) {
  const uid = textOf(fields, "uid");
  if (uid === "") return <>{MISSING}</>;
  const query = new URLSearchParams({
    dataset,
    src: textOf(fields, "id.orig_h"),
    dst: textOf(fields, "id.resp_h"),
  });
  return (
    <a class="mono" href={`/sessions/${encodeURIComponent(uid)}?${query}`}>
      {cut(visible(uid), 40)}
    </a>
  );
}

/** What a record is about, by its log. */
export function whatOf(logType: string, fields: Fields): string {
  const some = (...names: string[]) =>
    names.map((name) => textOf(fields, name)).filter(Boolean).join(" ");
  switch (logType.replace(/^open_/, "")) {
    case "http":
      return some("method", "host", "uri", "status_code");
    case "dns":
      return some("qtype_name", "query", "rcode_name");
    case "ssl":
      return some("version", "server_name");
    default:
      return some("proto", "service", "conn_state");
  }
}

/** Bytes up and down; of http those of the bodies. */
function sizesOf(logType: string, fields: Fields): [number, number] {
  return logType === "http"
    ? [
      numberOf(fields, "request_body_len"),
      numberOf(fields, "response_body_len"),
    ]
    : [numberOf(fields, "orig_bytes"), numberOf(fields, "resp_bytes")];
}

export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return value === undefined ? "" : String(value);
}

function numberOf(fields: Fields, name: string): number {
  const value = fields[name];
  return typeof value === "number" ? value : NaN;
}
