// A server and a real browser for the tests of the pages.
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { openStore } from "../../pipeline/store/mod.ts";
import type { SessionStore } from "../../pipeline/store/session_store.ts";
import { serve, type ServeOptions } from "../../routes/_server.ts";
import { build } from "../../tools/build.ts";
import {
  CHROMIUM_ARGS,
  findChromium,
  HOW_TO_INSTALL,
} from "../../tools/chromium.ts";

const ROOT = new URL("../../", import.meta.url);
const executablePath = findChromium();
if (executablePath === null) {
  console.log(`tests/e2e are skipped, no Chromium: ${HOW_TO_INSTALL}`);
}

/** A test that is skipped where there is no Chromium. */
export function browserTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: executablePath === null, fn });
}

export interface Scene {
  readonly browser: Browser;
  /** "http://127.0.0.1:PORT". */
  readonly base: string;
  readonly store: SessionStore;
  /** Console errors and exceptions of every page that `open` has made. */
  readonly errors: string[];
  open(path: string, options?: Viewing): Promise<Page>;
}

export interface Viewing {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
}

export interface SceneOptions extends Partial<Omit<ServeOptions, "store">> {
  /** A file or an address; in memory by default. */
  readonly location?: string;
  /** Fills the store before the server starts. */
  readonly seed?: (store: SessionStore) => Promise<unknown>;
}

/** A server over a store of its own and a browser; both end with the test. */
export async function withScene(
  options: SceneOptions,
  test: (scene: Scene) => Promise<void>,
): Promise<void> {
  await build(ROOT);
  const { location = ":memory:", seed, ...serving } = options;
  await using store = await openStore(location);
  await seed?.(store);
  const stop = new AbortController();
  const listening = Promise.withResolvers<number>();
  const served = serve(ROOT, {
    version: "0",
    ...serving,
    store,
    port: 0,
    signal: stop.signal,
    onListen: ({ port }) => listening.resolve(port),
  });
  // Its user data folder is a temporary one of its own.
  const browser = await chromium.launch({
    executablePath: executablePath!,
    args: [...CHROMIUM_ARGS],
  });
  try {
    const base = `http://127.0.0.1:${await listening.promise}`;
    await test(sceneOf(browser, base, store));
  } finally {
    await browser.close();
    stop.abort();
    await served;
  }
}

function sceneOf(browser: Browser, base: string, store: SessionStore): Scene {
  const errors: string[] = [];
  return {
    browser,
    base,
    store,
    errors,
    async open(path, viewing = {}) {
      const { width = 1280, height = 900, colorScheme = "light" } = viewing;
      const viewport = { width, height };
      const page = await browser.newPage({ viewport, colorScheme });
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(message.text());
      });
      await page.goto(base + path);
      return page;
    },
  };
}

/** How wide the page would like to be; wider than the window is a defect. */
export function scrollWidth(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth);
}

/** "rule: element", for each violation. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    interface Violation {
      readonly id: string;
      readonly nodes: readonly { readonly html: string }[];
    }
    interface Axe {
      run(): Promise<{ readonly violations: readonly Violation[] }>;
    }
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run();
    return violations.map((v) => `${v.id}: ${v.nodes[0].html}`);
  });
}
