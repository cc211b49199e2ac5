import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import { fixed, number, plural, time, zoneName } from "./_format.ts";
import { progressText } from "./_job_text.ts";
import type { JobView } from "./_job_view.ts";
import type { NetField, SavedNet } from "./_net.ts";
import { Field, type FormValues } from "./_param_field.tsx";

/** What is going on, as the panel shows it. */
export type NetState =
  | { readonly at: "idle" }
  | { readonly at: "running"; readonly job: JobView }
  | { readonly at: "cancelled"; readonly iterations: number }
  | { readonly at: "failed"; readonly message: string };

interface Props {
  readonly dataset: string;
  readonly fields: readonly NetField[];
  readonly values: FormValues;
  readonly original: FormValues;
  readonly saved: readonly SavedNet[];
  readonly state: NetState;
  /** By field, what the server found wrong. */
  readonly wrong: FormValues;
  readonly form: RefObject<HTMLFormElement | null>;
  readonly onTrain: (form: HTMLFormElement) => void;
  readonly onLoad: (name: string) => void;
  readonly onCancel: (job: JobView) => void;
  readonly onWrong: (name: string, error: string | undefined) => void;
}

/** Train new or load saved, every parameter, progress and cancel. */
export function ModelPanel(p: Props) {
  const [source, setSource] = useState<"new" | "saved">("new");
  const choose = (value: "new" | "saved", text: string) => (
    <button
      type="button"
      aria-pressed={source === value}
      onClick={() => setSource(value)}
    >
      {text}
    </button>
  );
  return (
    <section class="panel w3 tall">
      <header>
        <h2>Model</h2>
      </header>
      <div class="row">
        <span class="seg" role="group" aria-label="Where the net comes from">
          {choose("new", "Train new")}
          {choose("saved", "Load saved")}
        </span>
      </div>
      <SavedNote saved={p.saved} />
      {/* Hidden, not gone: Retrain sends it, whichever is shown. */}
      <div hidden={source !== "new"}>
        <TrainForm {...p} />
      </div>
      <div hidden={source !== "saved"}>
        <LoadForm {...p} />
      </div>
      <div class="go">
        <State state={p.state} onCancel={p.onCancel} />
        <Go source={source} {...p} />
      </div>
    </section>
  );
}

/** The original's indicator of what is saved. */
function SavedNote({ saved }: { saved: readonly SavedNet[] }) {
  const newest = saved[0];
  if (!newest) return <p class="note" id="saved-note">No net is saved yet.</p>;
  const { name, createdAt, averagePrecision } = newest;
  return (
    <p class="note" id="saved-note">
      Saved: <b>{name}</b>, {time(createdAt, "min")} {zoneName()}
      {averagePrecision === null
        ? ""
        : `, average precision ${fixed(averagePrecision, 2)}`}
      {saved.length > 1 ? ` and ${number(saved.length - 1)} more` : ""}.
    </p>
  );
}

function State(
  { state, onCancel }: {
    state: NetState;
    onCancel: (job: JobView) => void;
  },
) {
  switch (state.at) {
    case "idle":
      return null;
    case "failed":
      return (
        <p class="what" role="alert">
          {state.message}
        </p>
      );
    case "cancelled":
      return (
        <p class="note" role="status">
          Cancelled after{" "}
          {plural(state.iterations, "iteration")}. The net shown is the one
          before.
        </p>
      );
    case "running":
      return <Running job={state.job} onCancel={onCancel} />;
  }
}

function Running(
  { job, onCancel }: { job: JobView; onCancel: (job: JobView) => void },
) {
  const { progress } = job;
  return (
    <div class="running">
      <p role="status" class="small">
        {progressText(progress)}
      </p>
      <progress
        aria-label={job.title}
        max={progress?.total}
        value={progress?.total === undefined ? undefined : progress.done}
      />
      <button type="button" id="cancel" onClick={() => onCancel(job)}>
        Cancel
      </button>
    </div>
  );
}

function TrainForm(p: Props) {
  const { dataset, fields, values, wrong } = p;
  const field = (row: NetField) => (
    <Field
      key={row.name}
      field={row}
      prefix="net"
      value={values[row.name] ?? ""}
      error={wrong[row.name]}
      onError={(error) => p.onWrong(row.name, error)}
    />
  );
  const rest = fields.filter(({ main }) => !main);
  const hidden = rest.some(({ name }) => wrong[name]);
  return (
    <form
      ref={p.form}
      id="train-form"
      class="params"
      method="post"
      action={`/api/net/train?${new URLSearchParams({ dataset })}`}
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        p.onTrain(e.currentTarget);
      }}
    >
      {fields.filter(({ main }) => main).map(field)}
      <details open={hidden || undefined}>
        <summary>{plural(rest.length, "more parameter")}</summary>
        {rest.map(field)}
      </details>
      <button
        type="button"
        id="as-original"
        title="ts, src and dst as numbers; the first 20 000 requests to learn from, the next 2 000 to classify"
        onClick={(e) => e.currentTarget.form && fill(e.currentTarget.form, p)}
      >
        Set as the original tool did
      </button>
    </form>
  );
}

/** Puts the original's values into the fields, and takes their errors away. */
function fill(form: HTMLFormElement, { original, wrong, onWrong }: Props) {
  for (const [name, value] of Object.entries(original)) {
    for (const field of form.querySelectorAll(`[name="${name}"]`)) {
      if (field instanceof HTMLSelectElement) field.value = value;
      else if (!(field instanceof HTMLInputElement)) continue;
      else if (field.type === "checkbox") field.checked = value === "true";
      else if (field.type !== "hidden") field.value = value;
    }
    if (wrong[name]) onWrong(name, undefined);
  }
}

function LoadForm({ dataset, saved, onLoad }: Props) {
  if (saved.length === 0) {
    return (
      <p class="note">
        Train a net and save it, or import one below, to load it here.
      </p>
    );
  }
  return (
    <form
      id="load-form"
      class="params"
      method="post"
      action={`/api/net/load?${new URLSearchParams({ dataset })}`}
      onSubmit={(e) => {
        e.preventDefault();
        onLoad(String(new FormData(e.currentTarget).get("name")));
      }}
    >
      <div class="field">
        <label for="load-name">Saved net</label>
        <select id="load-name" name="name">
          {saved.map(({ name }) => <option key={name}>{name}</option>)}
        </select>
        <span class="hint">asked about all of {dataset}</span>
      </div>
    </form>
  );
}

/** Stays in view below the long form. */
function Go({ source, state, saved }: Props & { source: "new" | "saved" }) {
  if (source === "saved" && saved.length === 0) return null;
  const [id, text] = source === "new" ? ["train", "Train"] : ["load", "Load"];
  return (
    <button
      type="submit"
      id={id}
      form={`${id}-form`}
      class="primary"
      disabled={state.at === "running"}
    >
      {text}
    </button>
  );
}
