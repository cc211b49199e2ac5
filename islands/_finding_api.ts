// What the findings pages ask the server and what it answers, as JSON.
import type { Verdict } from "../pipeline/finding.ts";
import type { QueryError } from "../pipeline/finding_query.ts";
import type { ListedFinding } from "../pipeline/finding_view.ts";
import type { Mark, SafelistKind } from "../pipeline/store/session_store.ts";

/** One row of the list: findings of a pair, or of a group. */
export interface FindingRowView {
  readonly best: ListedFinding;
  /** Of all findings in the row, best first. */
  readonly ids: readonly string[];
  /** Detectors that fired, best first, each once. */
  readonly detectors: readonly string[];
  /** "7 hosts, same TLS fingerprint"; "" for a pair. */
  readonly says: string;
  /** Check-ins in 48 equal parts of the run's window. */
  readonly spark: readonly number[];
}

/** Answer of GET /api/findings. */
export interface FindingPage {
  readonly run: number;
  /** Only the first rows, before all were read: not a list to count in. */
  readonly partial: boolean;
  /** Rows that the query has, and findings in them. */
  readonly rows: number;
  readonly findings: number;
  /** Of these, those without a verdict and without an answer to "regular". */
  readonly undecided: number;
  /** Rank of the page's first row in the list, from 0. */
  readonly offset: number;
  readonly page: readonly FindingRowView[];
  readonly errors: readonly QueryError[];
  readonly bySeverity: Readonly<Record<string, number>>;
  readonly byDetector: Readonly<Record<string, number>>;
  /** Of the query without its `lane:`. */
  readonly byLane: Readonly<Record<string, number>>;
  readonly hidden: readonly {
    readonly id: number;
    readonly text: string;
    readonly findings: number;
    readonly severe: number;
  }[];
}

/** Answer of GET /api/findings/:id: what an unfolded row shows. */
export interface FindingDetail {
  readonly id: string;
  readonly summary: string;
  /** The three strongest of each. */
  readonly for: readonly string[];
  readonly against: readonly string[];
  readonly notes: readonly { readonly at: number; readonly text: string }[];
  /** Path of SVG, 2000 by 22: a tick for each check-in of the window. */
  readonly timeline: string;
  /** Epoch seconds of its edges. */
  readonly from: number;
  readonly to: number;
}

/** What a mark may change; what is absent stays. */
export interface MarkChange {
  readonly verdict?: Verdict | null;
  readonly regular?: boolean | null;
  readonly owner?: string | null;
  readonly tags?: readonly string[];
  /** Added; it cannot be taken back. */
  readonly note?: string;
}

/** Body of POST /api/findings/marks. */
export type MarkRequest =
  | { readonly ids: readonly string[]; readonly set: MarkChange }
  | { readonly restore: readonly Marked[] };

export interface Marked {
  readonly id: string;
  readonly mark: Mark;
}

/** Its answer: what stood before, to undo, and what stands now. */
export interface MarkAnswer {
  readonly before: readonly Marked[];
  readonly after: readonly Marked[];
}

/** Body of POST /api/safelist/add. */
export interface SafelistRequest {
  readonly kind: SafelistKind;
  readonly value: string;
  readonly reason: string;
  readonly author?: string;
  /** "90d": how long it counts; for ever where empty or absent. */
  readonly expires?: string;
}

/** Answer of GET /api/safelist/preview. */
export interface PreviewAnswer {
  /** "hides 37 findings, 2 of them high or critical". */
  readonly text: string;
  /** "anybody can have a name under cloudfront.net"; null without a reason. */
  readonly warning: string | null;
  /** Why it cannot be saved; null where it can. */
  readonly error: string | null;
}
