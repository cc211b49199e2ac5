import type { ComponentChildren } from "preact";
import { bytes } from "../islands/_format.ts";
import {
  type Preferences as Wishes,
  preferencesOf,
} from "../islands/_preferences.ts";
import Preferences from "../islands/Preferences.tsx";
import StoreForm from "../islands/StoreForm.tsx";
import { cut, visible } from "../islands/_visible.ts";
import {
  type DatasetSummary,
  type Params,
  rangeOf,
  type RunSummary,
  type SafelistEntry,
  SCORES,
  VERSION,
} from "../pipeline/mod.ts";
import type { PageProps, RouteContext } from "./_page.ts";
import { SafelistPanel } from "./_parts/safelist_panel.tsx";
import { type Effect, effectOf, subjectOf } from "./_safelist.ts";

export const title = "Settings";
export const styles = ["data"];

interface Data {
  readonly location: string;
  readonly size: number;
  readonly able: boolean;
  readonly roots: readonly string[];
  readonly datasets: readonly DatasetSummary[];
  readonly run: RunSummary | null;
  readonly entries: readonly SafelistEntry[];
  /** What the entry in the address would hide; null where there is none. */
  readonly effect: Effect | null;
  /** What this browser wants. */
  readonly wishes: Wishes;
}

export const handler = {
  async GET(
    { store, url, request, imports, useStore }: RouteContext,
  ): Promise<{ data: Data }> {
    const field = (name: string) => url.searchParams.get(name)?.trim() ?? "";
    let effect: Effect | null = null;
    if (field("value") !== "") {
      const { kind, value } = subjectOf(field);
      effect = await effectOf(store, await store.lastRun(), kind, value);
    }
    return {
      data: {
        location: store.location,
        size: await store.size(),
        able: useStore !== null,
        roots: imports.roots.paths,
        datasets: await store.datasets(),
        run: await store.lastRun(),
        entries: await store.safelist(),
        effect,
        wishes: preferencesOf(request.headers.get("cookie") ?? ""),
      },
    };
  },
};

export default function Settings({ data, url }: PageProps<Data>) {
  return (
    <>
      <div class="head">
        <h1>Settings</h1>
      </div>
      <div class="grid">
        <HuntPanel {...data} />
        <StorePanel {...data} />
        <SafelistPanel entries={data.entries} url={url} effect={data.effect} />
        <CopyPanel location={data.location} />
        <Panel id="pages" title="These pages" wide={false}>
          <Preferences {...data.wishes} />
        </Panel>
        <Thresholds />
        <About roots={data.roots} />
      </div>
    </>
  );
}

function Panel(
  { id, title, note, wide, children }: {
    id: string;
    title: string;
    note?: string;
    wide: boolean;
    children: ComponentChildren;
  },
) {
  return (
    <section class={wide ? "panel" : "panel w6"} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {note ? <span class="small soft">{note}</span> : null}
      </header>
      {children}
    </section>
  );
}

/** Networks and times are of a run: they stand in its report. */
function HuntPanel({ datasets, run }: Data) {
  const networks = run?.report.internalNetworks;
  return (
    <Panel id="networks" title="Internal networks" wide={false}>
      <p>
        {networks
          ? (
            <>
              The last run took{" "}
              <span class="mono">
                {networks.networks.map(visible).join(", ") || "none"}
              </span>
              : {visible(networks.foundBy)}.
            </>
          )
          : "They are found from the traffic when something is hunted."}
      </p>
      {datasets.length === 0
        ? null
        : (
          <form class="fields" action="/api/hunts" method="post">
            <label for="hunted">Dataset</label>
            <select id="hunted" name="dataset">
              {datasets.map(({ name }) => (
                <option
                  key={name}
                  value={name}
                  selected={name === run?.dataset}
                >
                  {cut(visible(name), 80)}
                </option>
              ))}
            </select>
            <label for="internal">Networks</label>
            <input
              id="internal"
              name="internal"
              class="mono"
              placeholder="10.0.0.0/8, 2001:db8::/32"
            />
            <label for="last">Only the last</label>
            <input id="last" name="last" placeholder="24h" />
            <label for="score">Score</label>
            <select id="score" name="score">
              <option value="skerry">Skerry's</option>
              <option value="rita">RITA v5's</option>
            </select>
            <div class="whole">
              <button type="submit">Hunt again with these</button>
            </div>
          </form>
        )}
    </Panel>
  );
}

function StorePanel({ location, size, able }: Data) {
  return (
    <Panel
      id="store"
      title="Store"
      note={`${bytes(size)} now`}
      wide={false}
    >
      <p>
        In use: <span class="mono">{visible(location)}</span>
      </p>
      <StoreForm able={able} />
    </Panel>
  );
}

function CopyPanel({ location }: { location: string }) {
  const onServer = /^(mysql|mariadb):/i.test(location);
  return (
    <Panel id="copy" title="Copy to another store" wide={false}>
      <form
        class="fields"
        action="/api/store/copy"
        method="post"
        autocomplete="off"
      >
        <label for="target">Address</label>
        <input
          id="target"
          name="address"
          class="mono"
          required
          placeholder="mysql://127.0.0.1:3306/skerry"
        />
        <label for="copier">User</label>
        <input id="copier" name="user" autocomplete="off" />
        <label for="secret">Password</label>
        <input
          id="secret"
          name="password"
          type="password"
          autocomplete="off"
        />
        {onServer
          ? (
            <>
              <label for="source">Password of this store</label>
              <input
                id="source"
                name="fromPassword"
                type="password"
                autocomplete="off"
              />
            </>
          )
          : null}
        <p class="hint">
          Everything of every dataset; the other store must be empty. Counts and
          checksums are compared.
        </p>
        <div class="whole">
          <button type="submit">Copy</button>
        </div>
      </form>
    </Panel>
  );
}

/** What each detector goes by; the command line sets them. */
function Thresholds() {
  const tables = SCORES.skerry.filter(({ params }) =>
    Object.keys(params).length > 0
  );
  return (
    <section class="panel pad0" aria-labelledby="thresholds">
      <header>
        <h2 id="thresholds">Thresholds</h2>
        <span class="small soft">as this version has them</span>
      </header>
      <div
        class="scroll"
        tabIndex={0}
        role="region"
        aria-label="Thresholds by detector"
      >
        <table class="blocks">
          <thead>
            <tr>
              <th scope="col">Detector</th>
              <th scope="col">Parameter</th>
              <th scope="col" class="num">Value</th>
              <th scope="col">Range</th>
              <th scope="col">Meaning</th>
            </tr>
          </thead>
          <tbody>
            {tables.flatMap(({ name, params }) =>
              Object.entries(params as Params).map(([param, row]) => (
                <tr key={`${name} ${param}`}>
                  <td>{name}</td>
                  <td class="mono">{param}</td>
                  <td class="num">{String(row.default)}</td>
                  <td class="nowrap">
                    {row.kind === "integer" || row.kind === "number"
                      ? rangeOf(row)
                      : ""}
                  </td>
                  <td class="wrap">{row.doc}</td>
                </tr>
              ))
            )}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function About({ roots }: { roots: readonly string[] }) {
  return (
    <Panel id="about" title="About" wide>
      <dl class="kv">
        <dt>Version</dt>
        <dd>Skerry {VERSION}</dd>
        <dt>May import from</dt>
        <dd>
          {roots.length === 0
            ? "no folder: start it with --allow-import DIR"
            : roots.map(visible).join(", ")}
        </dd>
        <dt>Feeds</dt>
        <dd>
          none: nothing is fetched from elsewhere, nothing leaves this machine
        </dd>
        <dt>API</dt>
        <dd>
          <a href="/api">what these pages use</a>
        </dd>
      </dl>
    </Panel>
  );
}
