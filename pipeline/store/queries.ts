// What is asked of a store, and what it answers with.
import type { RunOptions } from "../progress.ts";
import type { StoredRecord } from "./stored.ts";

export interface BatchQuery extends RunOptions {
  /** Epoch seconds, from ≤ ts < to; open where absent. */
  readonly from?: number;
  readonly to?: number;
}

export interface FindingsQuery {
  readonly limit?: number;
  readonly minScore?: number;
  /** Only findings of a rank behind this one. */
  readonly after?: number;
  /** Only findings of this address, be it their source or their destination. */
  readonly host?: string;
  /** False leaves every series empty, and unread; true by default. */
  readonly withSeries?: boolean;
}

export interface ClusterQuery {
  readonly label: number;
  /** Whose records are wanted; "conn" by default. */
  readonly logType?: string;
  /** At most so many sessions; 100 by default. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

/** What is asked of the records of a source; times as in BatchQuery. */
export interface SessionQuery {
  /** "conn" by default. */
  readonly logType?: string;
  readonly src: string;
  readonly dst?: string;
  readonly port?: number;
  readonly from?: number;
  readonly to?: number;
  /** At most so many; 100 by default. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

/** What is asked of the records of a log without a table of its own. */
export interface RecordQuery extends BatchQuery {
  /** "notice", "x509", … */
  readonly logType: string;
  /** What a field must hold, in any case; all records where absent. */
  readonly text?: string;
  /** At most so many; 100 by default. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

export interface SessionPage {
  /** In time order. */
  readonly sessions: readonly StoredRecord[];
  /** null on the last page. */
  readonly next: string | null;
}

/** What one source and one destination have to do with each other. */
export interface PairSummary {
  readonly logType: string;
  readonly src: string;
  readonly dst: string;
  readonly port: number | null;
  /** Host, server name or query; null for conn. */
  readonly name: string | null;
  readonly count: number;
  /** Epoch seconds. */
  readonly firstTs: number;
  readonly lastTs: number;
}

export interface PairQuery extends BatchQuery {
  readonly src?: string;
  readonly dst?: string;
  /** A part of a name, any case. */
  readonly name?: string;
  readonly port?: number;
  // Of times: pairs with a record in from ≤ ts < to, or around it.
  /** 100 by default; most records first. */
  readonly limit?: number;
}

/** A source, over all its records of conn, or of all logs where there is none. */
export interface HostSummary {
  readonly address: string;
  readonly records: number;
  /** Epoch seconds. */
  readonly firstTs: number;
  readonly lastTs: number;
}

export interface HostOverview {
  readonly address: string;
  /** Of conn: destinations it spoke to and sources it heard from. */
  readonly asSource: HostSide;
  readonly asDestination: HostSide;
  /** Names that it asked for or was asked as, most records first. */
  readonly names: readonly PairSummary[];
  /** Connections that it began, by hour, in time order; none where none began. */
  readonly hours: readonly HostHour[];
  /** What saw them, most connections first; null where a log does not say. */
  readonly sensors: readonly {
    readonly sensor: string | null;
    readonly records: number;
  }[];
}

export interface HostHour {
  /** Epoch seconds where the hour begins. */
  readonly ts: number;
  readonly records: number;
}

export interface HostSide {
  readonly peers: number;
  readonly records: number;
  /** Epoch seconds; null without records. */
  readonly firstTs: number | null;
  readonly lastTs: number | null;
  /** Most records first, at most 20. */
  readonly top: readonly PairSummary[];
}

export interface SearchResult {
  readonly pairs: readonly PairSummary[];
  /** Records that carry the text as their uid. */
  readonly records: readonly StoredRecord[];
}

/** Records per bin of equal width. */
export interface Histogram {
  /** Epoch seconds where the first bin begins. */
  readonly from: number;
  /** Seconds per bin, a multiple of 300. */
  readonly width: number;
  readonly counts: readonly number[];
}

export interface HistogramQuery {
  /** All log types where absent. */
  readonly logType?: string;
  readonly from?: number;
  readonly to?: number;
  /** Most bins, 200 by default. */
  readonly bins?: number;
}
