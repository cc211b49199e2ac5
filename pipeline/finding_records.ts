import { addressBytes } from "./address.ts";
import type { Finding } from "./finding.ts";
import type { RunOptions } from "./progress.ts";
import type {
  Dataset,
  SessionStore,
  StoredRecord,
} from "./store/session_store.ts";

/** Records behind a finding, in time order. */
export interface FindingRecords {
  readonly records: readonly StoredRecord[];
  /** Whether they are those of all its uids. */
  readonly whole: boolean;
}

/** Records of one finding: more make a file that nothing opens. */
const MOST = 200_000;
const PAGE = 5000;

const CONN = ["conn", "open_conn"];
/** Log types that name a destination, and under which field. */
const NAMED: Readonly<Record<string, string>> = {
  http: "host",
  open_http: "host",
  ssl: "server_name",
  open_ssl: "server_name",
  dns: "query",
};

/**
 * Every stored record behind a finding, of all logs. A finding lists its first
 * uids only; of more, the connections from its source to its destination and
 * port in its time are looked up, and what shares their uids. Where it has a
 * name, the connections whose http, ssl or dns record says that name, and
 * those to the same addresses that say no other. A finding of several
 * destinations at once has no more than its uids.
 */
export async function findingRecords(
  store: SessionStore,
  dataset: Dataset,
  finding: Finding,
  { signal }: RunOptions = {},
): Promise<FindingRecords> {
  const listed = () => store.recordsOf(dataset, finding.uids);
  if (finding.uidCount <= finding.uids.length) {
    return { records: await listed(), whole: true };
  }
  if (finding.evidence.groupedBy !== undefined) {
    return { records: await listed(), whole: false };
  }
  const found: StoredRecord[] = [];
  for (const logType of [...CONN, ...Object.keys(NAMED)]) {
    for await (const record of sessionsOf(store, dataset, finding, logType)) {
      signal?.throwIfAborted();
      found.push(record);
      if (found.length > MOST) return { records: await listed(), whole: false };
    }
  }
  const uids = uidsOf(found, finding);
  const records = found
    .filter(({ fields }) => uids.has(String(fields.uid)))
    .sort((a, b) => Number(a.fields.ts) - Number(b.fields.ts));
  const kept = new Set(records.map(({ fields }) => fields.uid));
  return { records, whole: kept.size >= finding.uidCount };
}

async function* sessionsOf(
  store: SessionStore,
  dataset: Dataset,
  { src, dst, name, port, firstTs, lastTs }: Finding,
  logType: string,
): AsyncGenerator<StoredRecord> {
  let after: string | undefined;
  do {
    const page = await store.sessions(dataset, {
      logType,
      src,
      dst: name === null ? dst : undefined,
      port: port ?? undefined,
      // A request may come long after its connection has begun.
      from: CONN.includes(logType) ? firstTs : undefined,
      to: CONN.includes(logType) ? lastTs + 1e-6 : undefined,
      limit: PAGE,
      after,
    });
    yield* page.sessions;
    after = page.next ?? undefined;
  } while (after !== undefined);
}

/** Of the connections that are the finding's. */
function uidsOf(
  found: readonly StoredRecord[],
  { uids, name, dst }: Finding,
): Set<string> {
  const own = new Set<string>(), others = new Set<string>();
  const addresses = new Set([dst]);
  for (const { logType, fields } of found) {
    const said = fields[NAMED[logType] ?? ""];
    if (said === undefined || isAddress(String(said))) continue;
    const uid = String(fields.uid);
    if (name !== null && isName(String(said), name)) {
      own.add(uid);
      addresses.add(String(fields["id.resp_h"]));
    } else others.add(uid);
  }
  for (const { fields } of found) {
    const uid = String(fields.uid);
    if (!others.has(uid) && addresses.has(String(fields["id.resp_h"]))) {
      own.add(uid);
    }
  }
  for (const uid of uids) own.add(uid);
  return own;
}

const isAddress = (said: string) =>
  addressBytes(said.replace(/:\d+$/, "")) !== null ||
  addressBytes(said) !== null;

/** A name or one under it, as look-ups of a domain's names are. */
function isName(said: string, name: string): boolean {
  const host = said.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
  return host === name || host.endsWith(`.${name}`);
}
