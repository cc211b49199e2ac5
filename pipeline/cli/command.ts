import type {
  CommandSpec,
  Environment,
  Parsed,
  ProgressPrinter,
  SessionStore,
  Terminal,
} from "../mod.ts";

/** What a command gets. */
export interface Call {
  readonly flags: Parsed;
  readonly terminal: Terminal;
  /** IANA name for display. */
  readonly timeZone: string;
  readonly progress: ProgressPrinter;
  readonly signal: AbortSignal;
  readonly environment: Environment;
  /** Serves the pages of a store until Ctrl-C. */
  serve(store: SessionStore, page: PageOptions): Promise<void>;
}

/** How the pages are served. */
export interface PageOptions {
  readonly port: number;
  /** Folders whose logs the pages may import. */
  readonly importRoots: readonly string[];
  /** Of their times, where a browser has chosen none. */
  readonly timeZone: string;
}

/** A command: what it takes as data, and what it does. */
export interface Command {
  readonly spec: CommandSpec;
  /** @returns the exit code; 0 where it returns nothing. */
  run(call: Call): Promise<number | void>;
}
