import {
  messageOf,
  parseDuration,
  parseSize,
  type Retention,
} from "../pipeline/mod.ts";
import { HttpError } from "./_page.ts";

/**
 * What a dataset may keep, of "30d" and "20GB"; null where both are empty.
 *
 * @throws HttpError 400 for a text that cannot be read.
 */
export function retentionOf(age: string, size: string): Retention | null {
  if (age === "" && size === "") return null;
  return {
    ...(age === "" ? {} : { olderThan: understood(parseDuration, age) }),
    ...(size === "" ? {} : { maxSize: understood(parseSize, size) }),
  };
}

/** @throws HttpError 400 with the parser's own sentence. */
export function understood<T>(parse: (text: string) => T, text: string): T {
  try {
    return parse(text);
  } catch (error) {
    throw new HttpError(400, messageOf(error));
  }
}
