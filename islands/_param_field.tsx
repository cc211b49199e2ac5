import type { TargetedEvent } from "preact";
import type { Param } from "../pipeline/options.ts";

/** One field of a form, from a table of parameters. */
export interface ParamField {
  readonly name: string;
  readonly param: Param;
  /** "[1, 1024]"; "" where a range says nothing. */
  readonly range: string;
}

/** Texts of a form's fields by name: values, or what is wrong with them. */
export type FormValues = Readonly<Record<string, string>>;

interface Props {
  readonly field: ParamField;
  /** Tells the ids of two forms apart: "net" makes "net-alpha". */
  readonly prefix: string;
  readonly value: string;
  /** What is wrong with the value; takes the hint's place. */
  readonly error: string | undefined;
  readonly onError: (error: string | undefined) => void;
}

/** One parameter: name, meaning, range, and a control of its kind. */
export function Field({ field, prefix, value, error, onError }: Props) {
  const id = `${prefix}-${field.name}`;
  return (
    <div class="field">
      <label for={id}>{words(field.name)}</label>
      <Control
        field={field}
        prefix={prefix}
        id={id}
        value={value}
        error={error}
        onError={onError}
      />
      <span id={`${id}-hint`} class={error ? "hint what" : "hint"}>
        {error ?? hintOf(field)}
      </span>
    </div>
  );
}

function Control({ field, id, value, error, onError }: Props & { id: string }) {
  const { name, param } = field;
  const shared = {
    id,
    name,
    "aria-describedby": `${id}-hint`,
    "aria-invalid": error ? true : undefined,
  } as const;
  // An error goes as it is mended, not when the field is left: what moves then
  // would slip away from under a click.
  const check = (e: TargetedEvent<HTMLInputElement>) =>
    onError(complaint(e.currentTarget, field));
  switch (param.kind) {
    case "choice":
      return (
        <select {...shared}>
          {param.values.map((option) => (
            <option key={option} selected={option === value}>{option}</option>
          ))}
        </select>
      );
    case "boolean":
      return (
        <span class="tick">
          <input type="hidden" name={name} value="false" />
          <input
            {...shared}
            type="checkbox"
            value="true"
            defaultChecked={value === "true"}
          />
        </span>
      );
    case "integers":
      return (
        <input
          {...shared}
          type="text"
          inputMode="numeric"
          required
          pattern="\s*\d+\s*(,\s*\d+\s*)*"
          defaultValue={value}
          onInput={(e) => error && check(e)}
          onChange={check}
        />
      );
    default:
      return (
        <input
          {...shared}
          type="number"
          required
          min={param.min}
          max={param.max}
          step={param.kind === "integer" ? 1 : "any"}
          defaultValue={value}
          onInput={(e) => error && check(e)}
          onChange={check}
        />
      );
  }
}

/** What the browser finds wrong, in our words; the server checks again. */
function complaint(
  input: HTMLInputElement,
  { param, range }: ParamField,
): string | undefined {
  if (input.validity.valid) return undefined;
  const kind = param.kind === "integers"
    ? "whole numbers, with commas between,"
    : param.kind === "integer"
    ? "a whole number"
    : "a number";
  return `must be ${kind} in ${range}, got ${input.value || "nothing"}`;
}

function hintOf({ param, range }: ParamField): string {
  const unit = "unit" in param && param.unit ? ` ${param.unit}` : "";
  return `${param.doc}${range ? `, ${range}${unit}` : ""}`;
}

/** "hiddenLayerSizes" → "Hidden layer sizes". */
function words(name: string): string {
  const text = name.replace(/[A-Z]|\d+/g, (c) => " " + c.toLowerCase());
  return text[0].toUpperCase() + text.slice(1);
}
