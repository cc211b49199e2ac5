import type { JobView } from "../islands/_job_view.ts";
import { visible } from "../islands/_visible.ts";
import { linkTo } from "./_links.ts";
import { Status } from "./_parts/status.tsx";

/** What every page shows around its content. */
export interface Site {
  readonly url: URL;
  readonly version: string;
  /** Of all routes. */
  readonly paths: readonly string[];
  readonly datasets: readonly string[];
  /** The dataset that is shown; null where there is none. */
  readonly dataset: string | null;
  readonly theme: "light" | "dark" | null;
  /** IANA name of the zone of all times. */
  readonly zone: string;
}

export interface DocumentProps {
  readonly site: Site;
  readonly title: string;
  /** Rendered HTML. */
  readonly body: string;
  /** What the status log lists, newest first. */
  readonly jobs: readonly JobView[];
  readonly icon: string;
  readonly css: string;
  /** Loads the others when the page has been painted. */
  readonly script: string;
  readonly later: readonly string[];
}

const PAGES: readonly (readonly [path: string, name: string])[] = [
  ["/", "Findings"],
  ["/hosts", "Hosts"],
  ["/sessions", "Sessions"],
  ["/clusters", "Clusters"],
  ["/neural-net", "Neural net"],
  ["/datasets", "Datasets"],
  ["/settings", "Settings"],
];

export function Document(p: DocumentProps) {
  return (
    <html
      lang="en"
      data-theme={p.site.theme ?? undefined}
      data-zone={p.site.zone}
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${p.title} · Skerry`}</title>
        <link rel="icon" href={p.icon} type="image/svg+xml" />
        <link rel="stylesheet" href={p.css} />
        <script type="module" src={p.script} data-later={p.later.join(" ")} />
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <Bar site={p.site} />
        <main
          id="main"
          tabIndex={-1}
          dangerouslySetInnerHTML={{ __html: p.body }}
        />
        <footer>
          <span>Skerry {p.site.version}</span>
          <span>this machine only, {p.site.url.host}</span>
          <span>nothing leaves this machine</span>
          <a href="/settings#pages">times in {p.site.zone}</a>
          <a href="/api">API</a>
        </footer>
        <Status jobs={p.jobs} />
      </body>
    </html>
  );
}

function Bar({ site }: { site: Site }) {
  return (
    <header class="bar">
      <a class="brand" href={linkTo("/", site.url, ["dataset"])}>
        <Beacon />Skerry
      </a>
      <nav aria-label="Pages">
        {PAGES.filter(([path]) => site.paths.includes(path)).map((
          [path, name],
        ) => (
          <a
            key={path}
            href={linkTo(path, site.url, ["dataset"])}
            aria-current={isCurrent(path, site.url) ? "page" : undefined}
          >
            {name}
          </a>
        ))}
      </nav>
      <div class="tools">
        <DatasetChooser site={site} />
        <button id="theme" type="button" title="Light or dark (t)">
          <span aria-hidden="true">◐</span>
          <span class="sr">Light or dark theme</span>
        </button>
      </div>
    </header>
  );
}

function isCurrent(path: string, url: URL): boolean {
  return path === "/"
    ? url.pathname === "/" || url.pathname.startsWith("/findings/")
    : url.pathname === path || url.pathname.startsWith(path + "/");
}

function DatasetChooser({ site }: { site: Site }) {
  if (site.datasets.length < 2) return null;
  // Another dataset on the same page, where the page is of a dataset.
  const { pathname } = site.url;
  const action = PAGES.some(([path]) => path === pathname) ? pathname : "/";
  return (
    <form class="chooser" action={action}>
      <label for="dataset">Dataset</label>
      <select id="dataset" name="dataset">
        {site.datasets.map((name) => (
          <option key={name} value={name} selected={name === site.dataset}>
            {visible(name)}
          </option>
        ))}
      </select>
      <button type="submit">Show</button>
    </form>
  );
}

function Beacon() {
  return (
    <svg width="22" height="20" viewBox="0 0 22 20" aria-hidden="true">
      <path class="rock" d="M1 17.5h20M4 17.5l3-4h8l3 4" />
      <path class="rock" d="M9.5 13.5v-8h3v8" />
      <circle class="lamp" cx="11" cy="3" r="2" />
    </svg>
  );
}
