import { useEffect, useState } from "preact/hooks";
import type { SavedClusterModel } from "./_cluster_meta.ts";
import { time, zoneName } from "./_format.ts";
import { Field, type FormValues, type ParamField } from "./_param_field.tsx";

type Algorithm = "kmeans" | "dbscan";

/** What the form offers, and what is chosen at first. */
export interface ClusterFormSpec {
  readonly algorithm: Algorithm;
  readonly sets: readonly {
    readonly name: string;
    readonly doc: string;
    readonly features: readonly {
      readonly name: string;
      readonly unit: string;
    }[];
  }[];
  readonly set: string;
  readonly columns: readonly string[];
  readonly scaling: readonly ParamField[];
  readonly params: Readonly<Record<Algorithm, readonly ParamField[]>>;
  /** What each field shows at first. */
  readonly values: FormValues;
  /** Name of the model that is shown; null for a fit of its own. */
  readonly model: string | null;
}

const NAMES: Readonly<Record<Algorithm, string>> = {
  kmeans: "k-means",
  dbscan: "DBSCAN",
};

interface Props {
  readonly dataset: string;
  readonly form: ClusterFormSpec;
  readonly saved: readonly SavedClusterModel[];
  /** Whether a fit is under way. */
  readonly busy: boolean;
  /** The server's last refusal. */
  readonly refusal: string | null;
  readonly onSubmit: (fields: URLSearchParams) => void;
  /** Asks for the curve that helps to choose eps. */
  readonly onDistances: (fields: URLSearchParams) => void;
}

/** Train new or load saved: everything that a fit depends on. */
export function ClusterForm(props: Props) {
  const { form, saved } = props;
  const [algorithm, setAlgorithm] = useState<Algorithm>(form.algorithm);
  const [loading, setLoading] = useState(form.model !== null);
  const own = saved.filter(({ kind }) => kind === algorithm);
  const [wrong, setWrong] = useState<FormValues>({});
  useEffect(() => setWrong(wrongIn(props.refusal)), [props.refusal]);
  return (
    <form
      class="panel w3 lab"
      method="post"
      action={`/api/clusters/fit?${new URLSearchParams({
        dataset: props.dataset,
      })}`}
      aria-label="Model"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        props.onSubmit(fieldsOf(event.currentTarget));
      }}
    >
      <header>
        <h2>Model</h2>
      </header>
      <Segments
        label="Algorithm"
        name="algorithm"
        value={algorithm}
        choices={[["kmeans", NAMES.kmeans], ["dbscan", NAMES.dbscan]]}
        onChange={(value) => setAlgorithm(value as Algorithm)}
      />
      <Segments
        label="Train new or load saved"
        name="source"
        value={loading ? "saved" : "new"}
        choices={[["new", "Train new"], ["saved", "Load saved"]]}
        onChange={(value) => setLoading(value === "saved")}
      />
      <p class="note">{savedSentence(NAMES[algorithm], own)}</p>
      {loading ? <SavedModels models={own} chosen={form.model} /> : (
        <Fields
          key={algorithm}
          form={form}
          algorithm={algorithm}
          wrong={wrong}
          onWrong={(name, text) => setWrong(changed(wrong, name, text))}
          onDistances={props.onDistances}
        />
      )}
      {props.refusal !== null && Object.keys(wrong).length === 0
        ? <p role="alert" class="what">{props.refusal}</p>
        : null}
      <div class="row">
        <button
          type="submit"
          class="primary"
          disabled={props.busy || (loading && own.length === 0)}
        >
          {loading ? "Load" : "Compute"}
        </button>
      </div>
    </form>
  );
}

/** One of a few, as joined buttons that a form sends. */
function Segments(
  { label, name, value, choices, onChange }: {
    label: string;
    name: string;
    value: string;
    choices: readonly (readonly [value: string, text: string])[];
    onChange: (value: string) => void;
  },
) {
  return (
    <fieldset class="seg radios">
      <legend class="sr">{label}</legend>
      {choices.map(([each, text]) => (
        <label key={each}>
          <input
            type="radio"
            name={name}
            value={each}
            checked={each === value}
            onChange={() => onChange(each)}
          />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}

function savedSentence(
  name: string,
  own: readonly SavedClusterModel[],
): string {
  if (own.length === 0) return `No ${name} model is saved for this dataset.`;
  const [newest] = own;
  return `Saved for this dataset: ${own.length} ${name} ${
    own.length === 1 ? "model" : "models"
  }, the last ${newest.name}, ${time(newest.createdAt, "min")} ${zoneName()}.`;
}

function SavedModels(
  { models, chosen }: {
    models: readonly SavedClusterModel[];
    chosen: string | null;
  },
) {
  if (models.length === 0) return null;
  return (
    <div class="field">
      <label for="saved-model">Saved model</label>
      <select id="saved-model" name="model">
        {models.map(({ name }) => (
          <option key={name} value={name} selected={name === chosen}>
            {name}
          </option>
        ))}
      </select>
      <p class="hint">Its clusters are applied to this dataset's sessions.</p>
    </div>
  );
}

function Fields(
  { form, algorithm, wrong, onWrong, onDistances }: {
    form: ClusterFormSpec;
    algorithm: Algorithm;
    wrong: FormValues;
    onWrong: (name: string, text: string | undefined) => void;
    onDistances: (fields: URLSearchParams) => void;
  },
) {
  const [set, setSet] = useState(form.set);
  const { features, doc } = form.sets.find(({ name }) => name === set)!;
  const used = set === form.set ? form.columns : features.map((f) => f.name);
  const input = (field: ParamField) => (
    <Field
      key={field.name}
      field={field}
      prefix={algorithm}
      value={form.values[field.name] ?? ""}
      error={wrong[field.name]}
      onError={(text) => onWrong(field.name, text)}
    />
  );
  return (
    <>
      <div class="field">
        <label for="features">Features</label>
        <select
          id="features"
          name="features"
          value={set}
          onChange={(event) => setSet(event.currentTarget.value)}
        >
          {form.sets.map(({ name }) => (
            <option key={name} value={name} selected={name === set}>
              {name}
            </option>
          ))}
        </select>
        <p class="hint">{doc}</p>
      </div>
      <fieldset class="boxes" key={set}>
        <legend class="sr">Features that are used</legend>
        {features.map(({ name, unit }) => (
          <label key={name} title={unit}>
            <input
              type="checkbox"
              name="columns"
              value={name}
              defaultChecked={used.includes(name)}
            />
            <span class="mono">{name}</span>
          </label>
        ))}
      </fieldset>
      {form.scaling.map(input)}
      {form.params[algorithm].map(input)}
      {algorithm === "dbscan"
        ? (
          <button
            type="button"
            onClick={(event) =>
              onDistances(fieldsOf(event.currentTarget.form!))}
          >
            Help with eps…
          </button>
        )
        : null}
    </>
  );
}

function fieldsOf(form: HTMLFormElement): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "source") {
      fields.append(name, value);
    }
  }
  return fields;
}

/** What a refusal says of a field: "Cannot fit KMeans: nClusters must be …". */
function wrongIn(refusal: string | null): FormValues {
  const found = /^Cannot [^:]+: (\w+) (must be .+)$/.exec(refusal ?? "");
  return found ? { [found[1]]: found[2] } : {};
}

function changed(
  wrong: FormValues,
  name: string,
  text: string | undefined,
): FormValues {
  const { [name]: _, ...others } = wrong;
  return text === undefined ? others : { ...others, [name]: text };
}
