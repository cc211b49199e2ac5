import type { FileProgress } from "../pipeline/import_logs.ts";
import type { JobView } from "./_job_view.ts";

/** An import as pages see it; travels as JSON. */
export interface ImportView {
  readonly job: JobView;
  readonly dataset: string;
  /** The folder, or how many files were dropped. */
  readonly source: string;
  /** Files by state; all are 0 until the logs are found. */
  readonly counts: Readonly<Record<FileProgress["state"], number>>;
  readonly bytes: { readonly done: number; readonly total: number };
  readonly records: number;
  readonly skipped: number;
  /** Whether the records show already, and what follows is the hunt. */
  readonly stored: boolean;
  /** Those around what is being read, at most {@link MOST_FILES}. */
  readonly files: readonly FileProgress[];
}

/** Files that a view lists: of ten thousand nobody reads more. */
export const MOST_FILES = 12;

/** What `POST /api/imports` takes, as JSON or as a form. */
export interface ImportRequest {
  /** A file or folder on the server's machine. */
  readonly folder?: string;
  /** Instead of a folder: what `POST /api/uploads` has answered. */
  readonly upload?: string;
  /** Its absolute path where absent. */
  readonly dataset?: string;
  /** Log types to read; all where empty. */
  readonly types?: readonly string[];
  /** Clears what the dataset holds first. */
  readonly fresh?: boolean;
  /** That clearing is meant; needed where something is held. */
  readonly sure?: boolean;
}

/** What `GET /api/folders` answers. */
export interface FolderView {
  readonly path: string;
  /** Null for one of the roots. */
  readonly above: string | null;
  readonly folders: readonly { readonly path: string; readonly name: string }[];
}
