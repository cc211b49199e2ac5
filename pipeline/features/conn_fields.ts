import type { RecordBatch } from "../record_batch.ts";

/** Connection states in which nobody answered (Zeek: conn.log `conn_state`). */
export const FAILED = new Set(["S0", "REJ", "RSTOS0", "SH", "RSTRH", "SHR"]);

/** Whether the subject's common name covers the server name (RFC 6125). */
export function bears(subject: string, name: string): boolean {
  const common = subject.match(/(?:^|,)CN=([^,]+)/)?.[1].toLowerCase();
  if (!common || !name) return false;
  return common.startsWith("*.")
    ? name.endsWith(common.slice(1))
    : name === common;
}

/** First port that systems hand to clients (Linux; IANA's begin at 49,152). */
const EPHEMERAL = 32_768;

/** Joined midway, the side that spoke first was taken for the client. */
export function isTurned(origPort: number, port: number): boolean {
  return origPort < EPHEMERAL && port >= EPHEMERAL;
}

/** IP bytes where the sensor counted them, else payload bytes. */
export function bytesOf(
  batch: RecordBatch,
  ip: string,
  payload: string,
): Float64Array {
  const out = batch.numbers(ip).slice();
  const other = batch.numbers(payload);
  for (let i = 0; i < out.length; i++) if (!(out[i] > 0)) out[i] = other[i];
  return out;
}
