import { SkerryError } from "./errors.ts";
import type { Records } from "./records.ts";
import type { Label } from "./store/session_store.ts";

/** Columns that can hold the label, the first that a log fills is taken. */
export const LABEL_COLUMNS = ["beacon", "label", "cat"] as const;

/** Label texts that mean "no beacon"; an unset label means nobody said. */
const NEGATIVE = new Set([
  "0",
  "f",
  "false",
  "no",
  "benign",
  "normal",
  "background",
]);

/** Source of the labels that come from what people say of findings. */
const ANALYST = "analyst";

/** Labels cannot be removed from a store: nobody says anything of it any more. */
const TAKEN_BACK = -1;

/** @param regular null where the answer is taken back. */
export function analystLabels(
  uids: readonly string[],
  regular: boolean | null,
): Label[] {
  const value = regular === null ? TAKEN_BACK : Number(regular);
  return uids.map((uid) => ({ uid, value, source: ANALYST }));
}

/** Whose labels of single connections a net can learn from. */
export const ANSWER_SOURCES = ["intel", ANALYST] as const;

export type AnswerSource = typeof ANSWER_SOURCES[number];

/** uid → 1 beacon or 0 not, of the labels that analysts gave. */
export function analystAnswers(labels: readonly Label[]): Map<string, number> {
  return answersOf(labels, [ANALYST]);
}

/**
 * uid → 1 beacon or 0 not, of the labels from those sources. What an analyst
 * says goes before what intel says.
 */
export function answersOf(
  labels: readonly Label[],
  sources: readonly AnswerSource[],
): Map<string, number> {
  return new Map(
    ANSWER_SOURCES.filter((source) => sources.includes(source)).flatMap((own) =>
      labels.filter(({ source, value }) =>
        source === own && value !== TAKEN_BACK
      ).map(({ uid, value }): [string, number] => [uid, value])
    ),
  );
}

/** Whence the labels of records are taken. */
export interface LabelChoice {
  /** The first that is filled unless told; null leaves all columns unread. */
  readonly labelColumn?: string | null;
  /** uid → 1 beacon or 0 not; goes before what a column says. */
  readonly answers?: ReadonlyMap<string, number>;
}

export interface Labels {
  readonly column: string | null;
  /** 1 beacon, 0 not, −1 unlabelled. */
  readonly y: Int8Array;
  /** Rows whose label is an answer. */
  readonly analystRows: number;
}

/**
 * @param pairs whose each record is: what is said of a pair's sessions holds
 * for its records without a label, too.
 * @throws SkerryError where no record has a label.
 */
export function labelsOf(
  records: Records,
  { labelColumn, answers = new Map() }: LabelChoice,
  pairs: readonly string[],
): Labels {
  const found = findLabels(records, labelColumn);
  const y = found?.y ?? new Int8Array(records.length).fill(-1);
  const answered = answer(y, records, answers);
  const analystRows = answered.length + spread(y, answered, pairs);
  if (found || (analystRows > 0 && !labelColumn)) {
    return { column: found?.column ?? null, y, analystRows };
  }
  throw new SkerryError(
    labelColumn === null
      ? "Cannot train: nobody has said of a record whether it is a beacon"
      : labelColumn
      ? `Cannot train: no record has a value in ${labelColumn}`
      : `Cannot train: the records have no label; looked for ${
        LABEL_COLUMNS.join(", ")
      }`,
    {
      hint:
        "name the column with --label-column, or label findings with skerry mark --regular",
    },
  );
}

/** Overwrites labels by what analysts say; the rows. */
function answer(
  y: Int8Array,
  records: Records,
  answers: ReadonlyMap<string, number>,
): number[] {
  if (answers.size === 0) return [];
  const rows: number[] = [];
  let at = 0;
  for (const batch of records.batches) {
    const { codes, values } = batch.texts("uid");
    const said = values.map((uid) => answers.get(uid));
    for (let i = 0; i < batch.length; i++, at++) {
      const label = codes[i] === 0 ? undefined : said[codes[i]];
      if (label === undefined) continue;
      y[at] = label;
      rows.push(at);
    }
  }
  return rows;
}

/**
 * Labels rows without a label as the answered ones of their pair, where those
 * agree: a finding names a hundred of its sessions, and its answer means all.
 *
 * @returns how many rows that are.
 */
function spread(
  y: Int8Array,
  answered: readonly number[],
  pairs: readonly string[],
): number {
  if (answered.length === 0) return 0;
  const said = new Map<string, number>();
  for (const i of answered) {
    const known = said.get(pairs[i]);
    said.set(pairs[i], known === undefined || known === y[i] ? y[i] : -1);
  }
  let rows = 0;
  for (let i = 0; i < y.length; i++) {
    const label = y[i] < 0 ? said.get(pairs[i]) ?? -1 : -1;
    if (label < 0) continue;
    y[i] = label;
    rows++;
  }
  return rows;
}

/** 1 beacon, 0 not, −1 unlabelled; null when no record has a label. */
export function findLabels(
  records: Records,
  given?: string | null,
): { column: string; y: Int8Array } | null {
  if (given === null) return null;
  for (const column of given ? [given] : LABEL_COLUMNS) {
    const y = new Int8Array(records.length).fill(-1);
    let at = 0, any = false;
    for (const batch of records.batches) {
      const { codes, values } = batch.texts(column);
      const meaning = values.map((text, code) =>
        code === 0 ? -1 : labelOf(text)
      );
      for (let i = 0; i < batch.length; i++, at++) {
        y[at] = meaning[codes[i]];
        if (codes[i] !== 0) any = true;
      }
    }
    if (any) return { column, y };
  }
  return null;
}

function labelOf(text: string): number {
  const word = text.trim().toLowerCase();
  if (word === "" || word === "-") return -1;
  return NEGATIVE.has(word) ? 0 : 1;
}
