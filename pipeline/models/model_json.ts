/**
 * Fitted models as JSON. Arrays travel as base64 of little-endian bytes: JSON
 * itself would turn typed arrays into objects, NaN into null and −0 into 0.
 */

/** The common part of every model's JSON. */
export interface ModelJson {
  readonly kind: string;
  readonly version: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly featureNames: readonly string[];
  readonly [field: string]: unknown;
}

/** Anything that can turn itself into JSON and names its kind there. */
export interface FittedModel {
  readonly featureNames: readonly string[];
  toJSON(): ModelJson;
}

/** base64 of the array's little-endian bytes. */
export function encodeArray(array: Float64Array | Int32Array): string {
  const bytes = new Uint8Array(array.length * array.BYTES_PER_ELEMENT);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < array.length; i++) {
    if (array instanceof Float64Array) view.setFloat64(i * 8, array[i], true);
    else view.setInt32(i * 4, array[i], true);
  }
  return toBase64(bytes);
}

/** Reads the fields of one model's JSON and says what is wrong with them. */
export class ModelReader {
  readonly #kind: string;
  readonly #value: Record<string, unknown>;

  /** @throws SyntaxError when the value is no model of that kind and version. */
  constructor(kind: string, version: number, value: unknown) {
    this.#kind = kind;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.fail(`it must be an object, got ${JSON.stringify(value)}`);
    }
    this.#value = value as Record<string, unknown>;
    if (this.#value.kind !== kind) {
      this.fail(
        `kind must be "${kind}", got ${JSON.stringify(this.#value.kind)}`,
      );
    }
    if (this.#value.version !== version) {
      this.fail(
        `version must be ${version}, got ${
          JSON.stringify(this.#value.version)
        }`,
      );
    }
  }

  /** @throws SyntaxError "Cannot read KMeans: …". */
  fail(reason: string, cause?: unknown): never {
    throw new SyntaxError(`Cannot read ${this.#kind}: ${reason}`, { cause });
  }

  /** What `check` makes of `params`, its complaint turned into a SyntaxError. */
  params<T>(check: (given: Record<string, unknown>) => T): T {
    const given = this.#value.params;
    if (typeof given !== "object" || given === null || Array.isArray(given)) {
      this.fail("params must be an object");
    }
    try {
      return check(given as Record<string, unknown>);
    } catch (error) {
      this.fail((error as Error).message, error);
    }
  }

  featureNames(): readonly string[] {
    const names = this.#value.featureNames;
    if (
      !Array.isArray(names) || names.length === 0 ||
      names.some((name) => typeof name !== "string")
    ) this.fail("featureNames must be a list of texts");
    return Object.freeze([...names as string[]]);
  }

  number(field: string): number {
    const value = this.#value[field];
    if (typeof value !== "number" || !Number.isFinite(value)) {
      this.fail(`${field} must be a number, got ${JSON.stringify(value)}`);
    }
    return value;
  }

  boolean(field: string): boolean {
    const value = this.#value[field];
    if (typeof value !== "boolean") {
      this.fail(
        `${field} must be true or false, got ${JSON.stringify(value)}`,
      );
    }
    return value;
  }

  /** @param length the number of finite values there must be. */
  f64(field: string, length?: number): Float64Array {
    const view = this.#bytes(field, 8, length);
    const array = new Float64Array(view.byteLength / 8);
    for (let i = 0; i < array.length; i++) {
      array[i] = view.getFloat64(i * 8, true);
      if (!Number.isFinite(array[i])) {
        this.fail(`${field}[${i}] must be finite, got ${array[i]}`);
      }
    }
    return array;
  }

  i32(field: string, length?: number): Int32Array {
    const view = this.#bytes(field, 4, length);
    const array = new Int32Array(view.byteLength / 4);
    for (let i = 0; i < array.length; i++) {
      array[i] = view.getInt32(i * 4, true);
    }
    return array;
  }

  #bytes(field: string, size: number, length?: number): DataView {
    const text = this.#value[field];
    if (typeof text !== "string") this.fail(`${field} must be base64 text`);
    let bytes: Uint8Array;
    try {
      bytes = fromBase64(text);
    } catch (error) {
      this.fail(`${field} is not base64`, error);
    }
    const got = bytes.length / size;
    if (length === undefined ? !Number.isInteger(got) : got !== length) {
      this.fail(
        `${field} must hold ${length ?? "whole"} values, got ${got}`,
      );
    }
    return new DataView(bytes.buffer);
  }
}

/** Bytes per `String.fromCharCode` call. */
const CHUNK = 8192;

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  }
  return btoa(text);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}
