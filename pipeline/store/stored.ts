// What a store holds, as its users see it.
import type { Verdict } from "../finding.ts";
import type { ImportReport, RunReport } from "../run_report.ts";

/** What was imported together under one name. */
export interface Dataset {
  readonly id: number;
  readonly name: string;
  /** Epoch seconds. */
  readonly createdAt: number;
}

export interface DatasetSummary extends Dataset {
  /** Files whose content is held; a file that has grown counts once. */
  readonly files: number;
  /** Records held, by log type: { conn: 463, http: 407 }. */
  readonly records: Readonly<Record<string, number>>;
  readonly skipped: number;
  /** Epoch seconds of the first and last record; null without records. */
  readonly firstTs: number | null;
  readonly lastTs: number | null;
  readonly runs: number;
  /** Records of an import that was stopped; the next import goes on from them. */
  readonly unfinished: number;
}

/** How much of a log's (decompressed) content was read. */
export interface ReadContent {
  /** sha256 of the first `end` bytes, hex; null where nobody counted it. */
  readonly hash: string | null;
  /** Where reading began: 0, or the `end` of the file that this one continues. */
  readonly from: number;
  /** Where the last complete line ends: reading a grown file goes on there. */
  readonly end: number;
  /** What became of the bytes after `end`: a last line without a line end. */
  readonly tail: "none" | "record" | "skipped";
  /** How long it took to read; absent in what was read before this was kept. */
  readonly seconds?: number;
}

/** One file as the store remembers it. */
export interface ImportedFile {
  readonly path: string;
  /** sha256 of the file as it lies on disk, hex. */
  readonly hash: string;
  /** Bytes on disk. */
  readonly size: number;
  /**
   * Epoch seconds when the file was last written; null where that does not
   * tell whether it was written since.
   */
  readonly modifiedAt: number | null;
  /** null where the file was read by a version that did not count it. */
  readonly content: ReadContent | null;
  /** `hash` of the file whose content this one repeats and goes on from. */
  readonly continues: string | null;
  /** One per log type in the file, of what was read of it now. */
  readonly reports: readonly ImportReport[];
  /** Records of log types that are not kept, by type: { weird: 131 }. */
  readonly otherRecords: Readonly<Record<string, number>>;
  /** Sentences about damage: "the compressed data ends early at byte 65,536". */
  readonly notes: readonly string[];
}

/** What a store holds that was loaded together. */
export interface ImportSummary {
  readonly id: number;
  /** Epoch seconds. */
  readonly startedAt: number;
  readonly records: Readonly<Record<string, number>>;
  /** Epoch seconds of the first and last record; null without records. */
  readonly firstTs: number | null;
  readonly lastTs: number | null;
}

/** A stored run without its findings. */
export interface RunSummary {
  readonly id: number;
  readonly dataset: string;
  /** Epoch seconds. */
  readonly startedAt: number;
  readonly findingCount: number;
  readonly report: Omit<RunReport, "findings">;
}

/** Who says something of a finding, and why. */
export interface Author {
  readonly who?: string;
  readonly why?: string;
}

/** One answer that was given, whether it still stands or not. */
export interface Decision {
  /** Epoch seconds. */
  readonly at: number;
  /** "" where nobody was named. */
  readonly who: string;
  readonly why: string;
  /** Which question: is it malicious, is it a beacon, whose is it? */
  readonly about: "verdict" | "regular" | "owner";
  readonly value: string | null;
}

/** What people said about a finding; outlives the run, by the finding's id. */
export interface Opinion {
  readonly verdict: Verdict | null;
  /** Beacon or not, independent of the verdict. */
  readonly regular: boolean | null;
  readonly notes: readonly { readonly at: number; readonly text: string }[];
  readonly tags: readonly string[];
  /** Who looks after it. */
  readonly owner: string | null;
  /** Oldest first. */
  readonly history: readonly Decision[];
}

/** What stands of an opinion, without its notes and history. */
export type Mark = Pick<Opinion, "verdict" | "regular" | "tags" | "owner">;

/** What somebody wrote about a host of a dataset. */
export interface HostNote {
  readonly id: number;
  /** Epoch seconds. */
  readonly at: number;
  /** "" where nobody was named. */
  readonly who: string;
  readonly text: string;
}

/** What people said about a host; it stays when the dataset is cleared. */
export interface HostMark {
  readonly address: string;
  /** In alphabetical order. */
  readonly tags: readonly string[];
  /** Oldest first. */
  readonly notes: readonly HostNote[];
}

/** What a safelist entry is compared with. */
export type SafelistKind =
  | "address"
  | "network"
  | "name"
  | "pair"
  | "source-name"
  | "organisation"
  | "ja3"
  | "ja4"
  | "port";

/** Findings that somebody has decided not to see. */
export interface SafelistEntry {
  readonly id: number;
  readonly kind: SafelistKind;
  /** As it was written: "10.0.0.0/8", "*.example.org", "10.0.0.5 -> 1.1.1.1". */
  readonly value: string;
  readonly reason: string;
  readonly author: string;
  /** Epoch seconds. */
  readonly createdAt: number;
  readonly expiresAt: number | null;
}

export interface StoredModel {
  readonly id: number;
  readonly name: string;
  /** "mlp", "kmeans", "dbscan". */
  readonly kind: string;
  /** Epoch seconds. */
  readonly createdAt: number;
  /** Name of the dataset that it learned from; null where it is not known. */
  readonly dataset: string | null;
  /** The model's own JSON: parameters, features, scaler, weights, metrics. */
  readonly model: unknown;
}

/** Sessions of one cluster of a model. */
export interface ClusterMembers {
  readonly label: number;
  /** In the order of the dataset; the first ones of a large cluster. */
  readonly uids: readonly string[];
}

export interface Label {
  readonly uid: string;
  readonly value: number;
  /** Where it came from: "column", "analyst", "intel". */
  readonly source: string;
}

/** One stored record, fields under Zeek's names, unset ones left out. */
export interface StoredRecord {
  readonly logType: string;
  /** Path of the log that it was read from. */
  readonly file?: string;
  /**
   * Number of its line there, from 1, once decompressed; absent where an older
   * Skerry imported it.
   */
  readonly line?: number;
  readonly fields: Readonly<Record<string, string | number>>;
}
