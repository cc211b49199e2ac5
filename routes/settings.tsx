import {
  type Preferences as Wishes,
  preferencesOf,
} from "../islands/_preferences.ts";
import type { JobView } from "../islands/_job_view.ts";
import Preferences from "../islands/Preferences.tsx";
import { visible } from "../islands/_visible.ts";
import {
  type DatasetSummary,
  type RunSummary,
  type SafelistEntry,
  VERSION,
} from "../pipeline/mod.ts";
import { benignOf } from "./_benign.ts";
import { chosenDataset } from "./_chosen.ts";
import { countsByClass } from "./_finding_lists.ts";
import type { PageProps, RouteContext } from "./_page.ts";
import { BenignPanel } from "./_parts/benign_panel.tsx";
import { HuntPanel } from "./_parts/hunt_panel.tsx";
import { Panel } from "./_parts/panel.tsx";
import { SafelistPanel } from "./_parts/safelist_panel.tsx";
import { CopyPanel, StorePanel } from "./_parts/store_panels.tsx";
import { Thresholds } from "./_parts/thresholds.tsx";
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
  /** See `countsByClass`. */
  readonly byClass: Readonly<Record<string, number>> | null;
  /** The job that counts what other thresholds change; null without one. */
  readonly preview: JobView | null;
  readonly entries: readonly SafelistEntry[];
  /** What the entry in the address would hide; null where there is none. */
  readonly effect: Effect | null;
  /** What this browser wants. */
  readonly wishes: Wishes;
}

export const handler = {
  async GET(
    { store, url, request, imports, jobs, useStore }: RouteContext,
  ): Promise<{ data: Data }> {
    const field = (name: string) => url.searchParams.get(name)?.trim() ?? "";
    const dataset = await chosenDataset(store, url);
    const run = dataset && await store.lastRun(dataset);
    let effect: Effect | null = null;
    if (field("value") !== "") {
      const { kind, value } = subjectOf(field);
      effect = await effectOf(store, run, kind, value);
    }
    return {
      data: {
        location: store.location,
        size: await store.size(),
        able: useStore !== null,
        roots: imports.roots.paths,
        datasets: await store.datasets(),
        run,
        byClass: run && await countsByClass(store, run),
        preview: jobs.get(Number(field("preview")))?.view() ?? null,
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
        <Thresholds {...data} url={url} />
        <BenignPanel {...data} benign={benignOf(data.run)} />
        <About roots={data.roots} />
      </div>
    </>
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
