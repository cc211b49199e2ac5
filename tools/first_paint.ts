// How long each page takes to its first paint, over a store that is there
// already: deno run -A tools/first_paint.ts STORE [REPEATS]
//
// Medians in milliseconds, and the fastest in brackets, which tells most where
// others use the machine. Beside the pages stands a document of one word, served by a server that does
// nothing else: what Chromium itself needs on this machine.
import { type Browser, chromium } from "playwright-core";
import { openStore, VERSION } from "../pipeline/mod.ts";
import { serve } from "../routes/_server.ts";
import { sessionClusters } from "../routes/_session_clusters.ts";
import { build } from "./build.ts";
import { CHROMIUM_ARGS, findChromium, HOW_TO_INSTALL } from "./chromium.ts";

const ROOT = new URL("../", import.meta.url);

/** Milliseconds since the navigation began. */
interface Paint {
  /** The answer's first byte. */
  readonly answered: number;
  /** First contentful paint. */
  readonly painted: number;
}

const [location, repeats = "9"] = Deno.args;
const executablePath = findChromium();
if (!location || executablePath === null) {
  console.error(
    executablePath === null
      ? `Cannot measure: no Chromium. ${HOW_TO_INSTALL}`
      : "Cannot measure: give a store",
  );
  Deno.exit(1);
}
await build(ROOT);
await using store = await openStore(location, { readers: 2 });
const stop = new AbortController();
const listening = Promise.withResolvers<number>();
const served = serve(ROOT, {
  store,
  with: (store) => ({ clusters: sessionClusters(store) }),
  version: VERSION,
  port: 0,
  signal: stop.signal,
  onListen: ({ port }) => listening.resolve(port),
});
const base = `http://127.0.0.1:${await listening.promise}`;
const floor = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen() {} },
  () =>
    new Response("<!doctype html><title>floor</title><p>word", {
      headers: { "content-type": "text/html" },
    }),
);
const browser = await chromium.launch({
  executablePath,
  args: [...CHROMIUM_ARGS],
});
try {
  const pages = [
    `http://127.0.0.1:${floor.addr.port}/`,
    ...await addresses(),
  ];
  console.log("| page | answered | first visit | again |");
  console.log("|---|---|---|---|");
  for (const address of pages) {
    // One page that does not answer leaves the others to be measured.
    await row(browser, address).catch((error) =>
      console.log(`| ${address} | not measured: ${error.message} | | |`)
    );
  }
} finally {
  await browser.close();
  await floor.shutdown();
  stop.abort();
  await served;
}

/** Every page of the bar, and one of each kind below. */
async function addresses(): Promise<string[]> {
  const dataset = (await store.datasets())[0];
  const [host] = await store.hosts(dataset);
  const run = await store.lastRun(dataset);
  const [finding] = run ? await store.findings(run.id, { limit: 1 }) : [];
  const paths = [
    "/",
    ...finding ? [`/findings/${finding.id}`] : [],
    "/hosts",
    `/hosts/${host.address}`,
    "/sessions",
    `/sessions?src=${host.address}`,
    "/clusters",
    "/neural-net",
    "/datasets",
    `/datasets/${dataset.id}`,
    "/settings",
    "/api",
  ];
  return paths.map((path) => base + path);
}

async function row(browser: Browser, address: string): Promise<void> {
  const first: Paint[] = [], again: Paint[] = [];
  for (let i = 0; i < Number(repeats); i++) {
    const context = await browser.newContext();
    first.push(await visit(context, address));
    again.push(await visit(context, address));
    await context.close();
  }
  const path = address.startsWith(base)
    ? address.slice(base.length)
    : "a document of one word";
  const ms = (paints: Paint[], what: keyof Paint) => {
    const values = paints.map((paint) => paint[what]);
    return `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)})`;
  };
  console.log(
    `| ${path} | ${ms(again, "answered")} | ${ms(first, "painted")} | ${
      ms(again, "painted")
    } |`,
  );
}

type Context = Awaited<ReturnType<Browser["newContext"]>>;

async function visit(context: Context, address: string): Promise<Paint> {
  const page = await context.newPage();
  try {
    // Not "load": what is looked up in the background may hold it up.
    const answer = await page.goto(address, { waitUntil: "commit" });
    if (answer?.status() !== 200) {
      throw new Error(`${address} answers ${answer?.status()}`);
    }
    await page.waitForFunction(() =>
      performance.getEntriesByName("first-contentful-paint").length > 0
    );
    return await page.evaluate(() => {
      const [navigation] = performance
        .getEntriesByType("navigation") as PerformanceNavigationTiming[];
      const [paint] = performance.getEntriesByName("first-contentful-paint");
      return { answered: navigation.responseStart, painted: paint.startTime };
    });
  } finally {
    await page.close();
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
