// Pictures of every page for docs/ and the README: the demo is imported into a
// store of its own, hunted, clustered and learned from, then each page is
// opened in Chromium, light, dark and narrow. Run it when a page has changed
// its looks, and look at what it made.
import { type Browser, chromium, type Page } from "playwright-core";
import { openStore, VERSION } from "../pipeline/mod.ts";
import { serve } from "../routes/_server.ts";
import { sessionClusters } from "../routes/_session_clusters.ts";
import { build } from "./build.ts";
import { CHROMIUM_ARGS, findChromium, HOW_TO_INSTALL } from "./chromium.ts";

const ROOT = new URL("../", import.meta.url);
const DOCS = new URL("docs/", ROOT);

interface Shot {
  readonly name: string;
  readonly path: string;
  /** There when the page is whole. */
  readonly ready: string;
  /** Brings the page to what is to be shown. */
  readonly before?: (page: Page) => Promise<void>;
}

const PLANE = '.plane[data-in-view]:not([data-in-view="0"])';

const SHOTS: readonly Shot[] = [
  { name: "findings", path: "/", ready: "main h1" },
  {
    name: "finding",
    path: "/",
    ready: "main h1",
    async before(page) {
      await page.goto(
        await page.locator('main a[href^="/findings/"]').first()
          .evaluate((a: HTMLAnchorElement) => a.href),
      );
    },
  },
  { name: "clusters", path: "/clusters", ready: PLANE },
  {
    name: "dbscan",
    path: "/clusters?algorithm=dbscan",
    ready: "button.primary",
    async before(page) {
      await page.click("button.primary");
      await page.waitForSelector(PLANE);
    },
  },
  { name: "neural-net", path: "/neural-net", ready: "main h1" },
  { name: "hosts", path: "/hosts", ready: "main h1" },
  { name: "host", path: "/hosts/10.20.0.17", ready: "main h1" },
  { name: "sessions", path: "/sessions", ready: "main h1" },
  { name: "datasets", path: "/datasets", ready: "main h1" },
  { name: "dataset", path: "/datasets/1", ready: "main h1" },
  { name: "settings", path: "/settings", ready: "main h1" },
];

const VIEWS = [
  { suffix: "light", width: 1280, colorScheme: "light" },
  { suffix: "dark", width: 1280, colorScheme: "dark" },
  { suffix: "narrow", width: 360, colorScheme: "light" },
] as const;

const executablePath = findChromium();
if (executablePath === null) {
  console.error(`Cannot take screenshots: no Chromium. ${HOW_TO_INSTALL}`);
  Deno.exit(1);
}
await build(ROOT);
await Deno.mkdir(DOCS, { recursive: true });
const folder = await Deno.makeTempDir();
const file = `${folder}/demo.db`;
const made = await new Deno.Command(Deno.execPath(), {
  args: ["run", "-A", "--frozen", "main.ts", "run", "fixtures/demo"]
    .concat("--dataset", "demo", "--store", file),
  cwd: ROOT,
}).output();
if (!made.success) throw new Error(new TextDecoder().decode(made.stderr));
const stop = new AbortController();
const store = await openStore(file);
const listening = Promise.withResolvers<number>();
const served = serve(ROOT, {
  store,
  with: (store) => ({ clusters: sessionClusters(store) }),
  version: VERSION,
  port: 0,
  importRoots: ["fixtures"],
  signal: stop.signal,
  onListen: ({ port }) => listening.resolve(port),
});
const base = `http://127.0.0.1:${await listening.promise}`;
const browser = await chromium.launch({
  executablePath,
  args: [...CHROMIUM_ARGS],
});
try {
  for (const shot of SHOTS) await take(browser, base, shot);
} finally {
  await browser.close();
  stop.abort();
  await served;
  await store[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
}

async function take(
  browser: Browser,
  base: string,
  { name, path, ready, before }: Shot,
): Promise<void> {
  for (const { suffix, width, colorScheme } of VIEWS) {
    const viewport = { width, height: width < 500 ? 800 : 900 };
    const page = await browser.newPage({ viewport, colorScheme });
    const answer = await page.goto(base + path);
    if (answer?.status() !== 200) {
      throw new Error(`${path} answers ${answer?.status()}`);
    }
    await page.waitForSelector(ready);
    await before?.(page);
    await page.waitForTimeout(500);
    await page.screenshot({
      path: new URL(`${name}-${suffix}.png`, DOCS).pathname,
    });
    await page.close();
  }
  console.log(`${name}: ${VIEWS.map(({ suffix }) => suffix).join(", ")}`);
}
