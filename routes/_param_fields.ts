import { number } from "../islands/_format.ts";
import type { ParamField } from "../islands/_param_field.tsx";
import type { Param, Params } from "../pipeline/mod.ts";

/** A table of parameters as fields of a form, with values where there are any. */
export function paramFields(
  params: Params,
  values: Readonly<Record<string, unknown>> = {},
): ParamField[] {
  return Object.entries(params).map(([name, param]): ParamField => ({
    name,
    kind: param.kind,
    value: textOf(values[name] ?? param.default),
    range: rangeText(param),
    doc: param.doc,
    choices: param.kind === "choice"
      ? param.values
      : param.kind === "boolean"
      ? ["true", "false"]
      : [],
  }));
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** "1 to 1 024"; "above 0, to 10"; for lists "1 to 8 numbers from 1 to 512". */
function rangeText(param: Param): string {
  switch (param.kind) {
    case "choice":
    case "boolean":
      return "";
    case "integers":
      return `1 to ${param.maxLength} numbers from ${number(param.min)} to ${
        number(param.max)
      }, with commas`;
    default:
      return param.above
        ? `above ${number(param.min)}, to ${number(param.max)}`
        : `${number(param.min)} to ${number(param.max)}`;
  }
}
