import type { LogType } from "../log_type.ts";

/**
 * The log of the same records while their connection is still open, as
 * Active Countermeasures' zeek-open-connections writes it. Its fields do not
 * tell it from the closed one: only its path does, or the file's name.
 */
export function open({ schema }: LogType): LogType {
  return {
    schema: { path: `open_${schema.path}`, fields: schema.fields },
    looksLike: () => false,
  };
}
