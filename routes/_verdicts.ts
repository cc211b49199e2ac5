import type { Verdict } from "../pipeline/mod.ts";

/** What the analyst may answer; taking it back is no answer. */
export const VERDICTS: readonly Verdict[] = ["malicious", "benign", "unsure"];
