import type { Progress } from "../pipeline/progress.ts";

/** A job of the server as pages see it; travels as JSON. */
export interface JobView {
  readonly id: number;
  readonly kind: string;
  readonly title: string;
  readonly state: "running" | "done" | "failed" | "cancelled";
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly progress: Progress | null;
  /** What came of it, as a sentence; null while it runs. */
  readonly outcome: string | null;
  /** The page that shows the outcome. */
  readonly href: string | null;
}
