import { timeOf } from "./values.ts";
import type { JsonRecord } from "./zeek_json.ts";

/**
 * Suricata's EVE records (its manual, "Eve JSON Format") as Zeek's: flow becomes
 * conn, http, dns and tls what they are there. Others keep their event type and
 * their own fields. Undefined where a record is none of Suricata's.
 */
export function fromSuricata(record: JsonRecord): JsonRecord | undefined {
  const { event_type: type, timestamp } = record;
  if (typeof type !== "string" || !TIMESTAMP.test(String(timestamp))) {
    return undefined;
  }
  const convert = CONVERTERS[type];
  if (!convert) return { ...record, ts: timestamp, _path: `suricata_${type}` };
  return {
    ts: timestamp,
    uid: uidOf(record),
    "id.orig_h": record.src_ip,
    "id.orig_p": record.src_port ?? 0,
    "id.resp_h": record.dest_ip,
    "id.resp_p": record.dest_port ?? 0,
    proto: text(record.proto)?.toLowerCase(),
    ...convert(record, part(record, type)),
  };
}

const TIMESTAMP = /^\d{4}-\d\d-\d\dT/;

type Converter = (record: JsonRecord, own: JsonRecord) => JsonRecord;

const CONVERTERS: Readonly<Record<string, Converter>> = {
  flow: (record, flow) => ({
    _path: "conn",
    ts: flow.start,
    service: known(text(record.app_proto)),
    duration: between(flow.start, flow.end),
    // Of all packets: what Zeek calls ip_bytes.
    orig_ip_bytes: flow.bytes_toserver,
    resp_ip_bytes: flow.bytes_toclient,
    orig_pkts: flow.pkts_toserver,
    resp_pkts: flow.pkts_toclient,
    conn_state: stateOf(flow),
  }),
  http: (record, http) => ({
    _path: "http",
    trans_depth: Number(record.tx_id ?? 0) + 1,
    method: http.http_method,
    host: http.hostname,
    uri: http.url,
    referrer: http.http_refer,
    version: text(http.protocol)?.replace("HTTP/", ""),
    user_agent: http.http_user_agent,
    status_code: http.status,
    response_body_len: http.length,
    resp_mime_types: http.http_content_type,
  }),
  dns: (_, dns) => {
    // Queries have events of their own; Zeek's record is of the answer.
    if (dns.type === "query" || dns.type === "request") {
      return { _path: "suricata_dns_query", query: dns.rrname };
    }
    const query = Array.isArray(dns.queries) ? dns.queries[0] : dns;
    const answers = Array.isArray(dns.answers) ? dns.answers : [];
    return {
      _path: "dns",
      query: query.rrname,
      qtype_name: query.rrtype,
      rcode_name: dns.rcode,
      AA: dns.aa,
      RD: dns.rd,
      RA: dns.ra,
      answers: answers.map(({ rdata }) => rdata ?? null),
      TTLs: answers.map(({ ttl }) => ttl ?? null),
    };
  },
  tls: (_, tls) => ({
    _path: "ssl",
    version: text(tls.version)?.replace(/^TLS (\d)\.?(\d?)$/, "TLSv$1$2"),
    server_name: tls.sni,
    subject: tls.subject,
    issuer: tls.issuerdn,
    resumed: tls.session_resumed,
    ja3: part(tls, "ja3").hash,
    ja3s: part(tls, "ja3s").hash,
    ja4: tls.ja4,
  }),
};

/** Suricata names a flow by a number, which Zeek's records have as a text. */
function uidOf({ flow_id: id }: JsonRecord): string | undefined {
  return id === undefined || id === null ? undefined : `S${id}`;
}

function part(record: JsonRecord, key: string): JsonRecord {
  const value = record[key];
  return typeof value === "object" && value !== null ? value as JsonRecord : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function known(service: string | undefined): string | undefined {
  return service === "failed" ? undefined : service === "tls" ? "ssl" : service;
}

/** Seconds, to the microsecond. */
function between(start: unknown, end: unknown): number | undefined {
  const seconds = timeOf(text(end) ?? "") - timeOf(text(start) ?? "");
  return seconds >= 0 ? Math.round(seconds * 1e6) / 1e6 : undefined;
}

/** The nearest of Zeek's states that a flow's state tells. */
function stateOf(flow: JsonRecord): string {
  const answered = Number(flow.pkts_toclient) > 0;
  if (!answered) return "S0";
  return flow.state === "closed" ? "SF" : "S1";
}
