import type { BadField } from "./errors.ts";
import type {
  Bands,
  Finding,
  FindingState,
  HostInfo,
  Organisation,
  Verdict,
} from "./finding.ts";

/** What was read of one log type in one file. */
export interface ImportReport {
  readonly path: string;
  readonly logType: string;
  readonly format: "zeek-tsv" | "zeek-json" | "flow-csv";
  readonly records: number;
  readonly skipped: number;
  /** Epoch seconds; null where no record was kept. */
  readonly firstTs: number | null;
  readonly lastTs: number | null;
  /** The first of the skipped lines; `skipped` counts all. */
  readonly errors: readonly BadField[];
  /** "new" was read by this run; "unchanged" was already in the store. */
  readonly status: "new" | "unchanged";
}

/** A stretch without any log record, epoch seconds. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

export interface Window {
  /** Epoch seconds; null where there is no record at all. */
  readonly from: number | null;
  readonly to: number | null;
  /** Share of the window that has logs, in [0, 1]. */
  readonly logCoverage: number;
  readonly gaps: readonly Gap[];
}

export interface InternalNetworks {
  readonly networks: readonly string[];
  /** A sentence: how they were found. */
  readonly foundBy: string;
}

/** When somebody was first seen to do something, and how far one can look back. */
export interface FirstSeen {
  /** Epoch seconds, in the whole dataset and not only in the window. */
  readonly ts: number;
  /** Seconds of history before it: without any, it tells nothing. */
  readonly history: number;
}

/** What is known of the ends of a finding; absent from older runs. */
export interface FindingContext {
  readonly srcHost?: HostInfo | null;
  readonly dstHost?: HostInfo | null;
  /** Whose the destination is, where that is no internal one. */
  readonly organisation?: Organisation | null;
  /** The proxy that asked for the source. */
  readonly proxy?: string | null;
}

/** The file that says whose addresses are whose, and how old it is. */
export interface OrganisationsFile {
  readonly path: string;
  /** Epoch seconds. */
  readonly builtAt: number;
  /** Whether the file itself says when; else it is the file's time. */
  readonly saysWhen: boolean;
}

/** A finding in the list of one run. */
export interface RankedFinding extends Finding, FindingContext {
  /** Absent from runs of version 0.1. */
  readonly firstSeen?: FirstSeen;
  /** From 1, over the whole list. */
  readonly rank: number;
  /** From 1, among those of the same direction; absent from older runs. */
  readonly laneRank?: number;
  readonly verdict: Verdict | null;
  readonly state: FindingState;
}

/** Everything that one run says. */
export interface RunReport {
  readonly version: string;
  readonly dataset: string;
  /** Epoch seconds: when the run began. */
  readonly startedAt: number;
  readonly window: Window;
  readonly internalNetworks: InternalNetworks;
  readonly sensors: readonly string[];
  /** Internal hosts seen as a source; connections in the window. */
  readonly hostCount: number;
  readonly connectionCount: number;
  /** Parameters that were given, by detector; absent where all had defaults. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Connections logged by two taps and counted once; absent from older runs. */
  readonly mergedCount?: number;
  readonly organisations?: OrganisationsFile | null;
  /** The user's list of benign classes: names of those that it changed. */
  readonly benignFile?: {
    readonly path: string;
    readonly added: readonly string[];
    readonly replaced: readonly string[];
    readonly removed: readonly string[];
    /** What differs from the shipped list, as `parseBenign` reads it; absent from older runs. */
    readonly edits?: string;
  };
  /** Where severities begin; absent where they are RITA's. */
  readonly bands?: Bands;
  readonly imports: readonly ImportReport[];
  /** Best first. */
  readonly findings: readonly RankedFinding[];
  /** How many pairs each rule kept out of the list. */
  readonly hidden: Readonly<Record<string, number>>;
  /** Sentences: what was not read or not looked at, and why. */
  readonly notLookedAt: readonly string[];
  /** Seconds by stage. */
  readonly timings: Readonly<Record<string, number>>;
  readonly peakRssBytes: number;
}
