/** A parameter as a form asks for it; made from the model's own table. */
export interface ParamField {
  readonly name: string;
  readonly kind: "integer" | "number" | "integers" | "choice" | "boolean";
  /** The value as a form field's text. */
  readonly value: string;
  /** "1 to 1 024", "above 0"; empty where the choices say it. */
  readonly range: string;
  readonly doc: string;
  readonly choices: readonly string[];
}

/** "nClusters" → "Clusters", as {@link ParamInput} calls it. */
const LABELS: Readonly<Record<string, string>> = {
  nClusters: "Clusters",
  init: "Start",
  nInit: "Starts",
  maxIter: "Steps at most",
  tol: "Tolerance",
  randomState: "Seed",
  eps: "eps",
  minSamples: "minSamples",
  scaler: "Scaler",
};

/**
 * @param wrong what the server has said of this field; takes the hint's place.
 */
export function ParamInput(
  { field, wrong, prefix }: {
    field: ParamField;
    wrong?: string;
    /** Tells the ids of two forms on a page apart. */
    prefix: string;
  },
) {
  const id = `${prefix}-${field.name}`, hint = `${id}-hint`;
  const label = LABELS[field.name] ?? field.name;
  return (
    <div class={wrong ? "field wrong" : "field"}>
      <label for={id}>
        {label} {label === field.name
          ? null
          : <span class="mono soft small">{field.name}</span>}
      </label>
      <Input field={field} id={id} hint={hint} wrong={wrong !== undefined} />
      <p id={hint} class="hint" role={wrong ? "alert" : undefined}>
        {wrong ?? [field.doc, field.range].filter(Boolean).join("; ")}
      </p>
    </div>
  );
}

function Input(
  { field, id, hint, wrong }: {
    field: ParamField;
    id: string;
    hint: string;
    wrong: boolean;
  },
) {
  const common = {
    id,
    name: field.name,
    "aria-describedby": hint,
    "aria-invalid": wrong,
  };
  if (field.kind === "choice" || field.kind === "boolean") {
    return (
      <select {...common}>
        {field.choices.map((value) => (
          <option key={value} value={value} selected={value === field.value}>
            {value}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      {...common}
      class="number"
      type="text"
      inputMode={field.kind === "integer" ? "numeric" : "decimal"}
      autocomplete="off"
      defaultValue={field.value}
    />
  );
}
