import {
  isNumeric,
  RecordBatch,
  type Schema,
  type TextColumn,
} from "../record_batch.ts";

/**
 * Batches of one log type as one. Their dictionaries are put one behind the
 * other: a text may have several codes, which is of no account for loading.
 * No field may be a number in one and a text in another.
 */
export function concatenated(batches: readonly RecordBatch[]): RecordBatch {
  if (batches.length === 1) return batches[0];
  const schema = schemaOf(batches);
  const length = batches.reduce((sum, batch) => sum + batch.length, 0);
  const numbers = new Map<string, Float64Array>();
  const texts = new Map<string, TextColumn>();
  for (const { name, type } of schema.fields) {
    if (isNumeric(type)) numbers.set(name, numbersOf(batches, name, length));
    else texts.set(name, textsOf(batches, name, length));
  }
  return new RecordBatch(schema, length, numbers, texts);
}

function schemaOf(batches: readonly RecordBatch[]): Schema {
  const fields = new Map(
    batches.flatMap(({ schema }) => schema.fields.map((f) => [f.name, f])),
  );
  return { path: batches[0].schema.path, fields: [...fields.values()] };
}

function numbersOf(
  batches: readonly RecordBatch[],
  name: string,
  length: number,
): Float64Array {
  const out = new Float64Array(length);
  let at = 0;
  for (const batch of batches) {
    out.set(batch.numbers(name), at);
    at += batch.length;
  }
  return out;
}

function textsOf(
  batches: readonly RecordBatch[],
  name: string,
  length: number,
): TextColumn {
  const codes = new Uint32Array(length);
  const values: string[] = [""];
  let at = 0;
  for (const batch of batches) {
    const column = batch.texts(name);
    const shift = values.length - 1;
    for (const code of column.codes) {
      codes[at++] = code === 0 ? 0 : code + shift;
    }
    for (let c = 1; c < column.values.length; c++) {
      values.push(column.values[c]);
    }
  }
  return { codes, values };
}
