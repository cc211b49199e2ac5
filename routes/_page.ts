import type { ComponentType } from "preact";
import type { SessionStore } from "../pipeline/mod.ts";
import type { ClusterJobs } from "./_cluster_jobs.ts";

/** What a handler gets. */
export interface RouteContext {
  readonly request: Request;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  readonly store: SessionStore;
  /** Null where this server computes no clusters. */
  readonly clusters: ClusterJobs | null;
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

/** A file in routes/: a page has a default export, the API has none. */
export interface RouteModule {
  // Each page has its own data; the file itself is checked against its type.
  // deno-lint-ignore no-explicit-any
  readonly default?: ComponentType<PageProps<any>>;
  readonly title?: string;
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
