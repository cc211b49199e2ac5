import { inZone } from "../islands/_format.ts";
import type { Context } from "hono";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { preferencesOf } from "../islands/_preferences.ts";
import { visible } from "../islands/_visible.ts";
import { type SessionStore, SkerryError } from "../pipeline/mod.ts";
import type { Assets } from "./_assets.ts";
import { chosenDataset } from "./_chosen.ts";
import { Document, type Site } from "./_document.tsx";
import { Used } from "./_islands.ts";
import type { Jobs } from "./_jobs.ts";
import {
  HttpError,
  type PageProps,
  type RouteContext,
  type RouteModule,
} from "./_page.ts";
import { Failure } from "./_parts/failure.tsx";

export interface PagesOptions {
  readonly store: SessionStore;
  readonly version?: string;
  readonly dev?: boolean;
  /** Of times on pages, where a browser has chosen none; UTC by default. */
  readonly timeZone?: string;
}

/** Turns a page's data, or an error, into a document. */
export class Pages {
  /** @param paths of all routes: the bar names the pages among them. */
  constructor(
    readonly assets: Assets,
    readonly options: PagesOptions,
    readonly paths: readonly string[],
    readonly jobs: Jobs,
  ) {}

  async render(
    module: RouteModule,
    context: RouteContext,
    data: unknown,
  ): Promise<Response> {
    const { url, params, request } = context;
    const site = await this.#site(url, request);
    const title = module.title ?? "Skerry";
    return this.#document(200, site, title, module, { data, url, params });
  }

  /** Says what went wrong: as a page, also to a form, or to a script as JSON. */
  async failure(c: Context, error: unknown): Promise<Response> {
    const told = toldOf(error);
    const url = new URL(c.req.url);
    const forPeople = c.req.header("accept")?.includes("text/html");
    if (url.pathname.startsWith("/api/") && !forPeople) {
      return c.json({ error: told.message, hint: told.hint }, told.status);
    }
    const site = told.status === 403
      ? this.#blank(url)
      : await this.#site(url, c.req.raw).catch(() => this.#blank(url));
    const module = { default: () => h(Failure, told) };
    return this.#document(told.status, site, told.message, module, {
      data: undefined,
      url,
      params: {},
    });
  }

  #document(
    status: number,
    site: Site,
    title: string,
    module: RouteModule,
    props: PageProps<unknown>,
  ): Response {
    const used = new Set<string>();
    const html = inZone(site.zone, () => {
      const body = renderToString(
        <Used.Provider value={used}>{h(module.default!, props)}</Used.Provider>,
      );
      return renderToString(
        <Document
          site={site}
          title={title}
          body={body}
          jobs={status === 403 ? [] : this.jobs.list()}
          icon={this.assets.url("static/icon.svg")}
          css={this.assets.styles(["style", "status", ...module.styles ?? []])}
          script={this.assets.url("static/later.js")}
          later={this.#scripts(used)}
        />,
      );
    });
    return new Response("<!doctype html>" + html, {
      status,
      headers: {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
      },
    });
  }

  /** Only a page with islands loads what makes them come alive. */
  #scripts(used: ReadonlySet<string>): string[] {
    const names = ["static/theme.js", "status.js"];
    if (used.size > 0) names.push("boot.js");
    for (const name of used) names.push("island:" + name);
    if (this.options.dev) names.push("static/reload.js");
    return names.map((name) => this.assets.url(name));
  }

  async #site(url: URL, request: Request): Promise<Site> {
    const { store } = this.options;
    const datasets = await store.datasets();
    const shown = await chosenDataset(store, url).catch(() => null);
    return {
      ...this.#blank(url),
      datasets: datasets.map((d) => d.name),
      dataset: shown?.name ?? null,
      theme: themeOf(request),
      zone: preferencesOf(request.headers.get("cookie") ?? "").zone ??
        this.options.timeZone ?? "UTC",
    };
  }

  #blank(url: URL): Site {
    const version = this.options.version ?? "";
    const { paths } = this;
    return {
      url,
      version,
      paths,
      datasets: [],
      dataset: null,
      theme: null,
      zone: "UTC",
    };
  }
}

/** What static/theme.js has kept. */
function themeOf(request: Request): Site["theme"] {
  const cookie = request.headers.get("cookie") ?? "";
  const theme = /(?:^|;\s*)skerry-theme=(light|dark)(?:;|$)/.exec(cookie)?.[1];
  return (theme as Site["theme"]) ?? null;
}

interface Told {
  readonly status: 400 | 403 | 404 | 409 | 500;
  readonly message: string;
  readonly hint: string;
}

/** Never a stack, nor the text of an error that was not written for people. */
function toldOf(error: unknown): Told {
  if (error instanceof HttpError) {
    return { status: error.status, message: error.message, hint: error.hint };
  }
  if (error instanceof SkerryError) {
    return {
      status: 500,
      message: visible(error.message),
      hint: visible(error.hint ?? ""),
    };
  }
  return {
    status: 500,
    message: "Cannot show this page",
    hint: "An unexpected error stopped it. The terminal that runs the server " +
      "says which one.",
  };
}
