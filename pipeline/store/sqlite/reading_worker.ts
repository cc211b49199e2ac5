// A thread that only reads a store: a long statement holds up nobody but those
// who wait for its answer.
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { SqlValue } from "../sql.ts";

export type ToReader =
  | { readonly type: "open"; readonly path: string }
  | {
    readonly type: "ask";
    readonly sql: string;
    readonly params: readonly SqlValue[];
    /** Rows as arrays. */
    readonly arrays: boolean;
  }
  | { readonly type: "close" };

export type FromReader =
  | { readonly type: "rows"; readonly rows: readonly unknown[] }
  | { readonly type: "error"; readonly message: string }
  | { readonly type: "closed" };

let path = "";
let connection: DatabaseSync | null = null;
const statements = new Map<string, StatementSync>();

/** Deno has the method; its types (2.9.5) do not know it yet. */
type ArrayStatement = StatementSync & { setReturnArrays(on: boolean): void };

/** Opened by the first question: what fails is then told to who has asked. */
function database(): DatabaseSync {
  if (connection) return connection;
  connection = new DatabaseSync(path, { readOnly: true });
  connection.exec("PRAGMA busy_timeout = 5000; PRAGMA cache_size = -32000");
  return connection;
}

function rowsOf(
  { sql, params, arrays }: Extract<ToReader, { type: "ask" }>,
): unknown[] {
  let statement = statements.get(sql);
  if (!statement) statements.set(sql, statement = database().prepare(sql));
  (statement as ArrayStatement).setReturnArrays(arrays);
  return statement.all(...params);
}

function answer(message: ToReader): FromReader | null {
  switch (message.type) {
    case "open":
      path = message.path;
      return null;
    case "ask":
      return { type: "rows", rows: rowsOf(message) };
    case "close":
      statements.clear();
      connection?.close();
      return { type: "closed" };
  }
}

addEventListener("message", ({ data }: MessageEvent<ToReader>) => {
  let said: FromReader | null;
  try {
    said = answer(data);
  } catch (error) {
    said = {
      type: "error",
      message: error instanceof Error ? error.message : String(error),
    };
  }
  if (said) postMessage(said);
});
