import type { RecordsKept } from "../log_type_name.ts";
import { schemas } from "./log_type.ts";
import { baseName } from "./paths.ts";

/**
 * Zeek's own logs that tell of connections, files and hosts, besides those with
 * a schema here, with the types of their fields that are no text: a JSON log
 * does not say them. Not among them is what Zeek tells of itself (stats,
 * reporter, loaded_scripts, …).
 *
 * Source: https://docs.zeek.org/en/master/script-reference/log-files.html
 */
const FIELDS: Readonly<Record<string, string>> = {
  analyzer: "",
  dce_rpc: "rtt interval",
  dhcp:
    "uids set[string], lease_time interval, msg_types vector[string], duration interval",
  dnp3: "iin count",
  dpd: "",
  files:
    "tx_hosts set[addr], rx_hosts set[addr], conn_uids set[string], depth count, analyzers set[string], duration interval, local_orig bool, is_orig bool, seen_bytes count, total_bytes count, missing_bytes count, overflow_bytes count, timedout bool, extracted_cutoff bool, extracted_size count, entropy double",
  ftp:
    "file_size count, reply_code count, data_channel.passive bool, data_channel.resp_p port",
  intel: "matched set[enum], sources set[string]",
  irc: "dcc_file_size count",
  kerberos: "success bool, forwardable bool, renewable bool",
  known_certs: "port_num port",
  known_devices: "",
  known_hosts: "",
  known_modbus: "",
  known_services: "port_num port, service set[string]",
  ldap: "message_id int",
  ldap_search: "message_id int, result_count count",
  modbus: "tid count, unit count",
  mqtt_connect: "",
  mqtt_publish: "retain bool, payload_len count",
  mqtt_subscribe: "topics vector[string], qos_levels vector[count]",
  mysql: "success bool, rows count",
  notice:
    "p port, n count, actions set[enum], email_dest set[string], suppress_for interval",
  ntlm: "success bool",
  ntp:
    "version count, mode count, stratum count, poll interval, precision interval, root_delay interval, root_disp interval, num_exts count",
  ocsp: "",
  pe:
    "is_exe bool, is_64bit bool, uses_aslr bool, uses_dep bool, uses_code_integrity bool, uses_seh bool, has_import_table bool, has_export_table bool, has_cert_table bool, has_debug_data bool, section_names vector[string]",
  postgresql: "success bool, rows count",
  quic: "",
  radius: "ttl interval",
  rdp:
    "client_channels vector[string], desktop_width count, desktop_height count, cert_count count, cert_permanent bool",
  redis: "",
  rfb: "share_flag bool, auth bool, width count, height count",
  signatures: "src_port port, dst_port port, sig_count count, host_count count",
  sip:
    "trans_depth count, request_path vector[string], response_path vector[string], status_code count, request_body_len count, response_body_len count",
  smb_cmd: "rtt interval",
  smb_files: "size count",
  smb_mapping: "",
  smtp:
    "trans_depth count, rcptto set[string], to set[string], cc set[string], path vector[addr], tls bool, fuids vector[string], is_webmail bool",
  snmp:
    "duration interval, get_requests count, get_bulk_requests count, get_responses count, set_requests count",
  socks: "bound_p port, request_p port",
  software:
    "host_p port, version.major count, version.minor count, version.minor2 count, version.minor3 count",
  ssh: "version count, auth_success bool, auth_attempts count",
  syslog: "",
  traceroute: "",
  tunnel: "",
  websocket: "",
  weird: "notice bool",
  x509:
    "certificate.version count, certificate.not_valid_before time, certificate.not_valid_after time, certificate.key_length count, san.dns vector[string], san.uri vector[string], san.email vector[string], san.ip vector[addr], basic_constraints.ca bool, basic_constraints.path_len count, host_cert bool, client_cert bool",
};

const TYPES = new Map([
  ...Array.from(schemas.values(), ({ path, fields }) =>
    [
      path,
      new Map(fields.map(({ name, type }) => [name, type])),
    ] as const),
  ...Object.entries(FIELDS).map(([logType, fields]) =>
    [
      logType,
      new Map(
        fields.split(", ").filter(Boolean)
          .map((field) => field.split(" ") as [string, string]),
      ),
    ] as const
  ),
]);

/** The logs of {@link FIELDS}, by name. */
export const RECORD_TYPES: readonly string[] = Object.keys(FIELDS);

const NAMES = new Set([...schemas.keys(), ...RECORD_TYPES]);

/**
 * The log type that a file's name gives, as Zeek and those who rotate its logs
 * write it: "x509.log", "conn.22:00:00-23:00:00.log.gz", "dns_20180801.log".
 */
export function typeOfName(path: string): string | undefined {
  const name = /^[a-z]\w*?(?=$|\.|[-_]\d)/.exec(baseName(path))?.[0];
  return name !== undefined && NAMES.has(name) ? name : undefined;
}

/** Types of a log's fields by name; what has none is a text. */
export function knownTypes(logType: string): ReadonlyMap<string, string> {
  return TYPES.get(logType) ?? new Map();
}

/** The log types that `KeepOptions` is to keep. */
export function typesKept(records: RecordsKept): ReadonlySet<string> | "all" {
  if (records === "all") return "all";
  return new Set([
    ...schemas.keys(),
    ...(records === "known" ? RECORD_TYPES : []),
  ]);
}
