import { fromLatin1, latin1 } from "./text_cache.ts";
import { elementText, elementType } from "../field_json.ts";
import { typeOfRaw } from "./generic_schema.ts";
import { listText, textProblem } from "./values.ts";
import type { TsvHeader } from "./zeek_tsv_header.ts";

/** What gives the value of a text field, or null where it is none of a type. */
export function textReader(
  header: TsvHeader,
  type: string,
): (raw: string) => string | null {
  const own = typeOfRaw(type), element = elementType(own ?? type);
  if (element === undefined) {
    return (raw) => {
      const text = raw === header.emptyField ? "" : fromLatin1(unescape(raw));
      return textProblem(type, text) ? null : text;
    };
  }
  return (raw) => {
    if (raw === header.emptyField || raw === "") return "";
    const parts = raw.split(header.setSeparator);
    const texts = parts.map((part) => elementOf(header, part));
    return own === undefined ? listText(element, texts) : texts.join(",");
  };
}

/** An element of a list; unset is "-", whatever the log writes for it. */
function elementOf(header: TsvHeader, raw: string): string {
  if (raw === header.emptyField) return "";
  const unset = latin1(header.unsetField, 0, header.unsetField.length);
  return raw === unset ? "-" : elementText(fromLatin1(unescape(raw)));
}

/** "\x09" and "\\" as the characters that they stand for. */
export function unescape(raw: string): string {
  if (!raw.includes("\\")) return raw;
  return raw.replace(
    /\\(?:x([0-9a-f]{2})|\\)/gi,
    (_, hex) => hex ? String.fromCharCode(parseInt(hex, 16)) : "\\",
  );
}
