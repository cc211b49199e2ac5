import {
  type Dataset,
  type DatasetSummary,
  logTypesText,
  parseTime,
  recordRows,
  recordsCsv,
  type SessionStore,
  type StoredRecord,
  storedRecordsText,
  tellsPairs,
  UsageError,
} from "../mod.ts";
import { limitOf, optionsOf, parsedFlag } from "./arguments.ts";
import type { Call, Command } from "./command.ts";
import { deliver } from "./output.ts";
import { COMMON, DATASET, LIMIT, OUTPUT } from "./shared_flags.ts";
import { datasetNamed, storeOf } from "./stores.ts";

export const records: Command = {
  spec: {
    name: "records",
    operands: "",
    maxOperands: 0,
    doc:
      "Lists stored records of any log, by type or uid; without either, which logs there are.",
    flags: [
      DATASET,
      {
        name: "type",
        value: "LOG",
        doc:
          "records of this log, as notice or x509, in time order (conn, http, dns and ssl by source, destination, port and time)",
      },
      {
        name: "uid",
        value: "UID",
        doc:
          "records of this uid in every log, with its files and certificates; also of a file's id or a fingerprint",
      },
      {
        name: "match",
        value: "TEXT",
        doc: "only records of which a field holds the text, in any case",
      },
      { name: "from", value: "TIME", doc: "from this time on (UTC)" },
      { name: "to", value: "TIME", doc: "up to this time" },
      { ...LIMIT, doc: "list at most N (default 100)" },
      ...OUTPUT,
      ...COMMON,
    ],
    examples: [
      ["skerry records", "which logs the last dataset holds"],
      ["skerry records --type notice --match scan", "Zeek's notices of scans"],
      [
        "skerry records --uid CQcP9j3ND8E2aaU1N1 --json -",
        "all of one session",
      ],
      [
        "skerry records --type x509 --limit 100000 --csv certs.csv",
        "certificates, for a spreadsheet",
      ],
    ],
  },

  async run(call) {
    const asked = askedOf(call);
    // What belongs to a uid is found by an index, which is made when it is new.
    await using store = await storeOf(call, asked.uid === undefined);
    const dataset = await datasetOf(store, call);
    if (asked.type === undefined && asked.uid === undefined) {
      return await deliver(call, {
        json: () => dataset.records,
        csv: () =>
          recordsCsv(
            Object.entries(dataset.records)
              .map(([logType, records]) => ({ logType, records })),
          ),
        text: () => logTypesText(dataset.records),
      });
    }
    const found = (await find(store, dataset, asked))
      .filter((record) => isWanted(record, asked));
    const listed = found.slice(0, asked.limit);
    await deliver(call, {
      json: () => recordRows(listed),
      csv: () => recordsCsv(recordRows(listed)),
      text: () =>
        storedRecordsText(
          listed,
          call.timeZone,
          found.length > listed.length,
        ),
    });
  },
};

type Asked = ReturnType<typeof askedOf>;

function askedOf(call: Call) {
  const type = call.flags.text("type"), uid = call.flags.text("uid");
  if (type === "" || uid === "") {
    throw new UsageError(
      `Cannot run records: --${type === "" ? "type" : "uid"} is empty`,
    );
  }
  return {
    ...optionsOf(call),
    type,
    uid,
    text: call.flags.text("match")?.toLowerCase() ?? "",
    from: parsedFlag(call, "from", parseTime),
    to: parsedFlag(call, "to", parseTime),
    limit: limitOf(call, 100),
  };
}

/** The one that is named, else the last one hunted in, else the only one. */
async function datasetOf(
  store: SessionStore,
  call: Call,
): Promise<DatasetSummary> {
  const all = await store.datasets();
  const name = call.flags.text("dataset") ??
    (await store.lastRun())?.dataset ?? all.at(-1)?.name;
  if (name === undefined) {
    throw new UsageError("Cannot list records: the store is empty", {
      hint: "fill it with   skerry run DIR",
    });
  }
  const { id } = await datasetNamed(store, name);
  return all.find((dataset) => dataset.id === id)!;
}

/** One more than are listed, so that it can be said that there are more. */
async function find(
  store: SessionStore,
  dataset: Dataset,
  asked: Asked,
): Promise<StoredRecord[]> {
  const { type, uid, text, from, to, limit, signal, onProgress } = asked;
  if (uid !== undefined) return await store.session(dataset, uid, { signal });
  const out: StoredRecord[] = [];
  if (tellsPairs(type!)) {
    const span = { from, to, signal, onProgress };
    for await (const record of store.listed(dataset, type!, span)) {
      if (isWanted(record, asked)) out.push(record);
      if (out.length > limit) break;
    }
    return out;
  }
  let after: string | undefined;
  do {
    const page = await store.records(dataset, {
      ...{ logType: type!, text, from, to, after, signal },
      limit: Math.min(PAGE, limit + 1 - out.length),
    });
    out.push(...page.sessions);
    after = page.next ?? undefined;
  } while (after !== undefined && out.length <= limit);
  return out;
}

/** Records that the store is asked for at a time. */
const PAGE = 10_000;

function isWanted({ logType, fields }: StoredRecord, asked: Asked): boolean {
  const { type, text, from = -Infinity, to = Infinity } = asked;
  const ts = Number(fields.ts);
  return (type === undefined || type === logType) && ts >= from && ts < to &&
    (text === "" ||
      Object.entries(fields).some(([name, value]) =>
        name !== "ts" && String(value).toLowerCase().includes(text)
      ));
}
