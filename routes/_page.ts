import type { ComponentType } from "preact";
import type { SessionStore } from "../pipeline/mod.ts";
import type { ClusterFits } from "./_cluster_fits.ts";
import type { Imports } from "./_imports.ts";
import type { Job, Jobs } from "./_jobs.ts";

/** What a handler gets. */
export interface RouteContext {
  readonly request: Request;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  readonly store: SessionStore;
  /** Null where this server computes no clusters. */
  readonly clusters: ClusterFits | null;
  /** What the server does in the background. */
  readonly jobs: Jobs;
  /** What reads logs into the store. */
  readonly imports: Imports;
  /** Goes on with another store, or its own; null where it cannot. */
  readonly useStore: ((store: SessionStore | null) => Promise<void>) | null;
  /** The file that the server was started with; null where it was none. */
  readonly home: string | null;
  /** Ends with the server. */
  readonly signal?: AbortSignal;
}

/** What a page gets; `data` is what its handler has returned. */
export interface PageProps<T = undefined> {
  readonly data: T;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
}

export type Handler<T = never> = (
  context: RouteContext,
) => Promise<{ readonly data: T } | Response>;

/** What `/api` says of a route under it. */
export interface ApiDescription {
  /** One sentence: what it does. */
  readonly summary: string;
  /** Of the path, the query, the form or the JSON body, and what each means. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What a success is answered with: kind and shape. */
  readonly answer: string;
  /** Status → when. 403, for what another site asks, holds for every route. */
  readonly errors?: Readonly<Record<number, string>>;
}

/** A file in routes/: a page has a default export, the API has none. */
export interface RouteModule {
  // Each page has its own data; the file itself is checked against its type.
  // deno-lint-ignore no-explicit-any
  readonly default?: ComponentType<PageProps<any>>;
  readonly title?: string;
  /** Stylesheets of its own beside style.css: "clusters" is static/clusters.css. */
  readonly styles?: readonly string[];
  /** Of a route under `/api/`, which has one handler. */
  readonly api?: ApiDescription;
  readonly handler?: {
    readonly GET?: Handler<unknown>;
    readonly POST?: Handler<unknown>;
  };
}

/** A refusal that a page can show: status, sentence, what to do. */
export class HttpError extends Error {
  override readonly name = "HttpError";

  constructor(
    readonly status: 400 | 403 | 404 | 409,
    message: string,
    readonly hint = "",
  ) {
    super(message);
  }
}

/** @throws HttpError 404 when the path names no job that is kept. */
export function jobOf({ jobs, params }: RouteContext): Job<unknown> {
  const job = jobs.get(Number(params.id));
  if (job) return job;
  throw new HttpError(404, `Cannot find job ${JSON.stringify(params.id)}`);
}
