import { messageOf, parseTime, type SessionQuery } from "../pipeline/mod.ts";
import { HttpError } from "./_page.ts";

/** What the address of a page, or of the API, asks for. */
export interface Asked {
  /** A uid, an address or a part of a name. */
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

export const LOG_TYPES = ["conn", "http", "dns", "ssl"] as const;

/** @throws HttpError 400 for a time, port or log type that cannot be read. */
export function askedOf({ searchParams }: URL): Asked {
  const text = (name: string) => searchParams.get(name)?.trim() ?? "";
  const time = (name: string) => {
    if (text(name) === "") return undefined;
    try {
      return parseTime(text(name));
    } catch (error) {
      throw new HttpError(400, messageOf(error));
    }
  };
  return {
    q: text("q"),
    src: text("src"),
    dst: text("dst"),
    port: portOf(text("port")),
    logType: logTypeOf(text("type") || "conn"),
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
  const type = text.replace(/^open_/, "");
  if (LOG_TYPES.some((known) => known === type)) return text;
  throw new HttpError(
    400,
    `Cannot search: type must be one of ${LOG_TYPES.join(", ")}, got ${
      JSON.stringify(text)
    }`,
  );
}
