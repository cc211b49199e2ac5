import type {
  FindingDetail,
  FindingPage,
  MarkAnswer,
  MarkRequest,
  PreviewAnswer,
  SafelistRequest,
} from "./_finding_api.ts";
import type { JobView } from "./_job_view.ts";
import { load, post } from "./_request.ts";
import type {
  SafelistEntry,
  SafelistKind,
} from "../pipeline/store/session_store.ts";

/** Whose findings are shown. */
export interface Of {
  readonly dataset: string;
  readonly run: number;
}

/** What the list asks of them. */
export interface Asked {
  readonly query: string;
  readonly group: string;
}

const words = ({ dataset, run }: Of, more: Record<string, string> = {}) =>
  new URLSearchParams({ dataset, run: String(run), ...more });

/** The address that shows the same list. */
export function addressOf(of: Of, { query, group }: Asked): string {
  const own = words(of);
  if (query !== "") own.set("q", query);
  if (group !== "pair") own.set("group", group);
  return `/?${own}`;
}

export function pageOf(
  of: Of,
  { query, group }: Asked,
  offset: number,
  limit: number,
): Promise<FindingPage> {
  const asked = words(of, {
    q: query,
    group,
    offset: String(offset),
    limit: String(limit),
  });
  return load(`/api/findings?${asked}`);
}

export function detailOf(of: Of, id: string): Promise<FindingDetail> {
  return load(`/api/findings/${id}?${words(of)}`);
}

export function mark(of: Of, request: MarkRequest): Promise<MarkAnswer> {
  return post(`/api/findings/marks?${words(of)}`, request);
}

export function preview(
  of: Of,
  kind: SafelistKind,
  value: string,
): Promise<PreviewAnswer> {
  return load(`/api/safelist/preview?${words(of, { kind, value })}`);
}

export function safelist(request: SafelistRequest): Promise<SafelistEntry> {
  return post("/api/safelist/add", request);
}

export function unsafelist(id: number): Promise<unknown> {
  return post(`/api/safelist/${id}/remove`, {});
}

export function rescore({ dataset }: Of, internal: string): Promise<JobView> {
  const own = new URLSearchParams({ dataset });
  return post(`/api/rescore?${own}`, { internal });
}
