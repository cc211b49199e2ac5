import { number } from "../islands/_format.ts";
import type { FormValues, ParamField } from "../islands/_param_field.tsx";
import { type Param, type Params, rangeOf } from "../pipeline/mod.ts";

/** A table of parameters as fields of a form. */
export function paramFields(params: Params): ParamField[] {
  return Object.entries(params).map(([name, param]) => ({
    name,
    param,
    range: rangeText(param),
  }));
}

/** The default of each parameter, as its field's text. */
export function defaultTexts(params: Params): FormValues {
  return textsOf(
    Object.fromEntries(
      Object.entries(params).map(([name, row]) => [name, row.default]),
    ),
  );
}

export function textsOf(values: Readonly<Record<string, unknown>>): FormValues {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, String(value)]),
  );
}

const SUPER = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** "[1, 1024]", "[0, 10⁶]"; empty where the choices say it. */
function rangeText(param: Param): string {
  if (param.kind === "choice" || param.kind === "boolean") return "";
  return rangeOf(param).replace(/\d{5,}/g, (digits) => {
    const zeros = /^10+$/.test(digits) ? digits.length - 1 : 0;
    return zeros > 0 ? `10${SUPER[zeros]}` : number(Number(digits));
  });
}
