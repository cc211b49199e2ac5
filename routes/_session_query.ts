import {
  type Dataset,
  type DatasetSummary,
  isLogType,
  type RunOptions,
  type SessionPage,
  type SessionQuery,
  type SessionStore,
  type StoredRecord,
  tellsPairs,
} from "../pipeline/mod.ts";
import { typedTime } from "./_clock.ts";
import { HttpError } from "./_page.ts";

/** What the address of a page, or of the API, asks for. */
export interface Asked {
  /** A uid, an address or a part of a name; of other logs any text. */
  readonly q: string;
  readonly src: string;
  readonly dst: string;
  readonly port?: number;
  readonly logType: string;
  /** Epoch seconds. */
  readonly from?: number;
  readonly to?: number;
  readonly after?: string;
}

/** "type:notice scan": a log, then what its records must hold. */
const TYPED = /^type:(\S+)\s*(.*)$/s;

/** @throws HttpError 400 for a time, port or log type that cannot be read. */
export function askedOf({ searchParams }: URL): Asked {
  const text = (name: string) => searchParams.get(name)?.trim() ?? "";
  const time = (name: string) =>
    text(name) === "" ? undefined : typedTime(text(name), text("tz"));
  const [, type, rest] = TYPED.exec(text("q")) ?? [];
  return {
    q: rest ?? text("q"),
    src: text("src"),
    dst: text("dst"),
    port: portOf(text("port")),
    logType: logTypeOf(type ?? (text("type") || "conn")),
    from: time("from"),
    to: time("to"),
    after: text("after") || undefined,
  };
}

/** The records of the source that is asked for. */
export function sessionQuery(asked: Asked, limit: number): SessionQuery {
  const { src, dst, port, logType, from, to, after } = asked;
  return { src, dst: dst || undefined, port, logType, from, to, after, limit };
}

/**
 * The records that are asked for, of a source or of a log that is listed by its
 * type; null where neither is asked for.
 *
 * @throws HttpError 400 for a destination or port without a source.
 */
export async function recordsAsked(
  store: SessionStore,
  dataset: Dataset,
  asked: Asked,
  { limit, signal }: Pick<RunOptions, "signal"> & { readonly limit: number },
): Promise<SessionPage | null> {
  const { q, src, dst, port, logType, from, to, after } = asked;
  if (src !== "") {
    return await store.sessions(dataset, sessionQuery(asked, limit));
  }
  if (tellsPairs(logType)) return null;
  if (dst !== "" || port !== undefined) {
    throw new HttpError(
      400,
      `Cannot search: records of ${logType} have no destination or port to look for without a source`,
      "Write an address into the first field: any field that holds it is found.",
    );
  }
  const query = { logType, text: q, from, to, after, limit, signal };
  return await store.records(dataset, query);
}

/** Logs of files and certificates, which have no addresses to be found by. */
const OF_FILES = ["files", "x509", "ocsp", "pe"];

/** Every record of a uid; quickly by its pair where there is nothing besides. */
export async function recordsOfUid(
  store: SessionStore,
  dataset: DatasetSummary,
  uid: string,
  { src, dst, signal }: Pick<RunOptions, "signal"> & {
    readonly src: string;
    readonly dst: string;
  },
): Promise<StoredRecord[]> {
  return isFoundByPair(dataset, src)
    ? await store.recordsOf(dataset, [uid], { src, dst: dst || undefined })
    : await store.session(dataset, uid, { signal });
}

/** Whether nothing has to be searched or indexed for a uid of the source. */
export function isFoundByPair(
  { records }: DatasetSummary,
  src: string,
): boolean {
  return src !== "" && !OF_FILES.some((logType) => records[logType]);
}

function portOf(text: string): number | undefined {
  if (text === "") return undefined;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new HttpError(
    400,
    `Cannot search: port must be an integer in [0, 65535], got ${
      JSON.stringify(text)
    }`,
  );
}

function logTypeOf(text: string): string {
  if (isLogType(text)) return text;
  throw new HttpError(
    400,
    `Cannot search: type must be a log's name, as conn or notice, got ${
      JSON.stringify(text.slice(0, 80))
    }`,
  );
}
