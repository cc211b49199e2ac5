import { fixed, MISSING, plural, time, zoneName } from "./_format.ts";
import type { NetView, SavedNet } from "./_net.ts";
import { cut, visible } from "./_visible.ts";

interface Props {
  readonly dataset: string;
  readonly saved: readonly SavedNet[];
  readonly view: NetView | null;
  readonly freeName: string;
  /** Names whose loss is drawn beside the others. */
  readonly compared: ReadonlySet<string>;
  readonly error: string | null;
  readonly busy: boolean;
  readonly onCompare: (name: string, on: boolean) => void;
  readonly onSave: (name: string) => void;
  readonly onLoad: (name: string) => void;
  readonly onImport: (form: HTMLFormElement) => void;
}

/** Kept nets side by side; save, load, export and import. */
export function SavedPanel(p: Props) {
  return (
    <section class="panel pad0 w9">
      <header>
        <h2>Saved nets</h2>
        <span class="small soft">
          {plural(p.saved.length, "net")}{" "}
          · figures are those of what was held out when they were trained
        </span>
      </header>
      {p.error === null
        ? null
        : <p class="what inset" role="alert">{p.error}</p>}
      {p.saved.length === 0
        ? (
          <p class="note inset">
            None yet: a saved net outlives the server, and is the same to{" "}
            <code>skerry mlp predict --load-model @NAME</code>.
          </p>
        )
        : <SavedTable {...p} />}
      <div class="row inset">
        {p.view && p.view.name === null ? <SaveForm {...p} /> : null}
        <ImportForm {...p} />
      </div>
    </section>
  );
}

function SavedTable(p: Props) {
  const figure = (value: number | null, digits = 3) => (
    <td class="num">{value === null ? MISSING : fixed(value, digits)}</td>
  );
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Saved nets">
      <table class="saved">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Saved ({zoneName()})</th>
            <th scope="col">Learned from, features, hidden</th>
            <th scope="col" class="num">Loss</th>
            <th scope="col" class="num">Precision</th>
            <th scope="col" class="num">Recall</th>
            <th scope="col" class="num">F₁</th>
            <th scope="col" class="num">
              <abbr title="average precision">AP</abbr>
            </th>
            <th scope="col">
              <span class="sr">What to do with it</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {p.saved.map((net) => (
            <tr
              key={net.name}
              aria-current={net.name === p.view?.name ? "true" : undefined}
            >
              <th scope="row">
                <label>
                  <input
                    type="checkbox"
                    checked={p.compared.has(net.name)}
                    disabled={net.lossCurve.length === 0}
                    onChange={(e) =>
                      p.onCompare(net.name, e.currentTarget.checked)}
                  />
                  {cut(visible(net.name), 40)}
                  <span class="sr">: draw its loss beside the others</span>
                </label>
              </th>
              <td class="nowrap">{time(net.createdAt, "min")}</td>
              <td>
                {net.dataset || MISSING}
                <small>{net.featureSet} · {net.hidden || MISSING}</small>
              </td>
              {figure(net.loss, 5)}
              {figure(net.precision)}
              {figure(net.recall)}
              {figure(net.f1)}
              {figure(net.averagePrecision)}
              <td>
                <Actions {...p} name={net.name} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Actions({ name, dataset, busy, onLoad }: Props & { name: string }) {
  const shown = <span class="sr">{cut(visible(name), 40)}</span>;
  return (
    <form
      class="row"
      method="post"
      action={`/api/net/load?${new URLSearchParams({ dataset })}`}
      onSubmit={(e) => {
        e.preventDefault();
        onLoad(name);
      }}
    >
      <input type="hidden" name="name" value={name} />
      <button type="submit" disabled={busy}>Load {shown}</button>
      <a
        class="button"
        href={`/api/net/export?${new URLSearchParams({ name })}`}
        download
      >
        Export {shown}
      </a>
    </form>
  );
}

function SaveForm({ dataset, freeName, onSave }: Props) {
  return (
    <form
      class="row"
      method="post"
      action={`/api/net/save?${new URLSearchParams({ dataset })}`}
      onSubmit={(e) => {
        e.preventDefault();
        onSave(String(new FormData(e.currentTarget).get("name")));
      }}
    >
      <label for="save-name">Keep the net shown as</label>
      <input
        id="save-name"
        name="name"
        type="text"
        required
        maxLength={100}
        defaultValue={freeName}
      />
      <button type="submit" id="save">Save</button>
    </form>
  );
}

function ImportForm({ dataset, onImport }: Props) {
  return (
    <form
      class="row"
      method="post"
      encType="multipart/form-data"
      action={`/api/net/import?${new URLSearchParams({ dataset })}`}
      onSubmit={(e) => {
        e.preventDefault();
        onImport(e.currentTarget);
      }}
    >
      <label for="import-file">Import a net</label>
      <input
        id="import-file"
        name="file"
        type="file"
        accept=".json,application/json"
        required
      />
      <button type="submit" id="import">Import</button>
    </form>
  );
}
