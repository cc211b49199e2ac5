// Records of logs that have no table of their own, and what belongs to a uid.
import { tellsPairs } from "../log_type_name.ts";
import type { RunOptions } from "../progress.ts";
import type { Engine } from "./engine.ts";
import { type ImportRecords, importsOf } from "./imports.ts";
import { filesOf } from "./links.ts";
import { spanOf } from "./record_reader.ts";
import {
  decoded,
  type Found,
  inTimeOrder,
  nextOf,
  placeOf,
  recordsOf,
  select,
  startIn,
} from "./sessions.ts";
import type {
  Dataset,
  RecordQuery,
  SessionPage,
  StoredRecord,
} from "./session_store.ts";
import { RECORDS } from "./tables.ts";

/** Rows that one page looks through for a text, so that it ends soon. */
const LOOKED_THROUGH = 20_000;

/** Rows that are fetched at a time. */
const ROWS = 1000;

/** Records of one uid that are given; one may have caused any number. */
const MOST_RECORDS = 5000;

/** See `SessionStore.session`. */
export async function session(
  engine: Engine,
  dataset: Dataset,
  uid: string,
  options: RunOptions,
): Promise<StoredRecord[]> {
  const own = await recordsOf(engine, dataset, [uid], undefined, options);
  const files = filesOf(own);
  if (files.length === 0) return own.slice(0, MOST_RECORDS);
  const seen = new Set(own.map(identity));
  const linked = await recordsOf(engine, dataset, files, undefined, options);
  // The same certificate may have been seen in many connections: of those only
  // what the certificate's own log says.
  const more = linked.filter((record) =>
    record.fields.uid === undefined && !seen.has(identity(record))
  );
  return [...own, ...more].slice(0, MOST_RECORDS)
    .sort((a, b) => (a.fields.ts as number) - (b.fields.ts as number));
}

function identity({ logType, fields }: StoredRecord): string {
  return JSON.stringify([logType, fields]);
}

/** See `SessionStore.records`. */
export async function records(
  engine: Engine,
  dataset: Dataset,
  query: RecordQuery,
): Promise<SessionPage> {
  const { logType, text = "", limit = 100, signal } = query;
  if (tellsPairs(logType)) {
    throw new RangeError(
      `Cannot list records: ${logType} is listed by source, as sessions`,
    );
  }
  const held = await importsOf(engine, dataset, logType);
  const found: Found[] = [], kept: StoredRecord[] = [];
  let after = query.after ?? null, looked = 0;
  while (kept.length <= limit) {
    signal?.throwIfAborted();
    const most = text === "" ? limit + 1 - kept.length : ROWS;
    const rows = await rowsAfter(engine, held, query, after, most);
    looked += rows.length;
    const records = await decoded(engine, dataset, held, rows);
    records.forEach((record, i) => {
      if (!holds(record, text) || kept.length > limit) return;
      kept.push(record);
      found.push(rows[i]);
    });
    if (kept.length > limit) break;
    if (rows.length < most) return { sessions: kept, next: null };
    after = nextOf(rows[rows.length - 1]);
    if (looked >= LOOKED_THROUGH) return { sessions: kept, next: after };
  }
  return { sessions: kept.slice(0, limit), next: nextOf(found[limit - 1]) };
}

/** The first rows behind a place, of all imports, in time order. */
async function rowsAfter(
  engine: Engine,
  held: readonly ImportRecords[],
  query: RecordQuery,
  after: string | null,
  most: number,
): Promise<Found[]> {
  const span = spanOf(query);
  const place = after === null ? null : placeOf(after);
  const found: Found[] = [];
  for (const { importId, firstUs, lastUs } of held) {
    if (lastUs < span.from || firstUs >= span.to) continue;
    const [us, seq] = startIn(importId, place);
    const where = `import_id = ? AND log_type = ? AND ts_us >= ? AND ts_us < ?
      AND (ts_us > ? OR seq > ?) ORDER BY ts_us, seq LIMIT ${most}`;
    const params = [
      importId,
      query.logType,
      ...[Math.max(span.from, us), span.to, us, seq],
    ];
    found.push(...await select(engine, RECORDS, where, params));
  }
  return found.sort(inTimeOrder).slice(0, most);
}

/** Whether any field holds the text, in any case. */
function holds({ fields }: StoredRecord, text: string): boolean {
  if (text === "") return true;
  const wanted = text.toLowerCase();
  return Object.entries(fields).some(([name, value]) =>
    name !== "ts" && String(value).toLowerCase().includes(wanted)
  );
}
