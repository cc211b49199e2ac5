import {
  applySafelist,
  type HiddenCount,
  type ListedFinding,
  NO_MARK,
} from "./finding_view.ts";
import type { Mark, SafelistEntry } from "./store/session_store.ts";

/** A run's findings as they stand now: with marks, and what is hidden. */
export interface FindingList {
  /** By rank, hidden ones too. */
  readonly findings: readonly ListedFinding[];
  readonly hidden: readonly HiddenCount[];
  /** Epoch seconds from which queries count backwards: the window's end. */
  readonly now: number;
}

/** Scores by finding before a time; see `SafelistOptions.scoresAt`. */
export type ScoresAt = (ts: number) => ReadonlyMap<string, number> | null;

interface Hiding {
  readonly entries: string;
  readonly findings: readonly ListedFinding[];
  readonly hidden: readonly HiddenCount[];
}

/**
 * The findings of a saved run, which never change, and the list made of them
 * last: of 100,000 findings it is made anew only where an entry of the
 * safelist or a mark has changed. The same list is the same object.
 */
export class KnownFindings {
  readonly #at: ReadonlyMap<string, number>;
  #hiding: Hiding | null = null;
  #last: { readonly of: Hiding; marks: string; list: FindingList } | null =
    null;

  /** @param all by rank, as `listedFindings` gives them. */
  constructor(readonly all: readonly ListedFinding[]) {
    this.#at = new Map(all.map(({ id }, i) => [id, i]));
  }

  /**
   * @param now epoch seconds, by which entries may have expired.
   * @param end epoch seconds: the end of the run's window.
   * @param scoresOf is asked only where the safelist has changed.
   */
  async list(
    { entries, marks, now, end, scoresOf }: {
      readonly entries: readonly SafelistEntry[];
      readonly marks: ReadonlyMap<string, Mark>;
      readonly now: number;
      readonly end: number;
      readonly scoresOf: () => Promise<ScoresAt>;
    },
  ): Promise<FindingList> {
    const of = await this.#hidingOf(entries, now, scoresOf);
    const said = JSON.stringify([...marks]);
    const last = this.#last;
    if (last?.of === of && last.marks === said) return last.list;
    const list = {
      findings: this.#marked(of.findings, marks),
      hidden: of.hidden,
      now: end,
    };
    this.#last = { of, marks: said, list };
    return list;
  }

  async #hidingOf(
    entries: readonly SafelistEntry[],
    now: number,
    scoresOf: () => Promise<ScoresAt>,
  ): Promise<Hiding> {
    const valid = entries.filter(({ expiresAt }) =>
      expiresAt === null || expiresAt > now
    );
    const key = JSON.stringify(valid);
    if (this.#hiding?.entries !== key) {
      const scoresAt = await scoresOf();
      const found = applySafelist(this.all, valid, { now, scoresAt });
      this.#hiding = { entries: key, ...found };
    }
    return this.#hiding;
  }

  #marked(
    findings: readonly ListedFinding[],
    marks: ReadonlyMap<string, Mark>,
  ): readonly ListedFinding[] {
    if (marks.size === 0) return findings;
    const out = findings.map((f) =>
      f.mark.verdict === null ? f : { ...f, mark: NO_MARK }
    );
    for (const [id, mark] of marks) {
      const i = this.#at.get(id);
      if (i !== undefined) out[i] = { ...out[i], mark };
    }
    return out;
  }
}
