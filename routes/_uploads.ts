import { wording } from "../pipeline/mod.ts";
import { HttpError } from "./_page.ts";

/** Bytes of one upload, all its files together. */
const MOST_BYTES = 20e9;
/** Files of one upload. */
const MOST_FILES = 10_000;
/** Milliseconds after which files are removed that nobody has imported. */
const KEPT = 3_600_000;

interface Upload {
  readonly path: string;
  files: number;
  bytes: number;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Files that were dropped on a page, until they are imported. */
export class Uploads {
  readonly #uploads = new Map<string, Upload>();

  /** @param signal its end removes what is left. */
  constructor(signal?: AbortSignal) {
    signal?.addEventListener("abort", () => {
      for (const id of this.#uploads.keys()) this.#drop(id);
    });
  }

  /** A place for files; they are given it one by one. */
  async begin(): Promise<string> {
    const path = await Deno.makeTempDir({ prefix: "skerry-dropped-" });
    const id = crypto.randomUUID();
    const timer = setTimeout(() => this.#drop(id), KEPT);
    Deno.unrefTimer(timer);
    this.#uploads.set(id, { path, files: 0, bytes: 0, timer });
    return id;
  }

  /**
   * Writes a file as it comes, in a folder of its own: two may have one name.
   *
   * @throws HttpError 400 for a name that is none, too many or too large files.
   */
  async add(
    id: string,
    name: string,
    body: ReadableStream<Uint8Array>,
  ): Promise<void> {
    const upload = this.#get(id);
    if (upload.files >= MOST_FILES) {
      throw new HttpError(
        400,
        `Cannot take ${name}: at most ${MOST_FILES} files can be dropped`,
      );
    }
    const folder = `${upload.path}/${upload.files++}`;
    await Deno.mkdir(folder);
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        upload.bytes += chunk.byteLength;
        if (upload.bytes <= MOST_BYTES) return controller.enqueue(chunk);
        throw new HttpError(
          400,
          `Cannot take ${name}: dropped files may have ${
            MOST_BYTES / 1e9
          } GB together; give the folder instead`,
        );
      },
    });
    using file = await Deno.open(`${folder}/${fileName(name)}`, {
      write: true,
      createNew: true,
    });
    // Closed by `using` alone: a body that breaks off would close it, too.
    const out = new WritableStream<Uint8Array>({
      async write(chunk) {
        for (let at = 0; at < chunk.length;) {
          at += await file.write(chunk.subarray(at));
        }
      },
    });
    await body.pipeThrough(counted).pipeTo(out);
  }

  /** Hands the files over to an import, which removes them. */
  take(id: string): {
    readonly path: string;
    readonly about: string;
    remove(): Promise<void>;
  } {
    const { path, files, timer } = this.#get(id);
    clearTimeout(timer);
    this.#uploads.delete(id);
    return {
      path,
      about: wording.plural(files, "dropped file"),
      remove: () => Deno.remove(path, { recursive: true }),
    };
  }

  #get(id: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload) return upload;
    throw new HttpError(
      404,
      "Cannot find the dropped files",
      "They are kept for an hour: drop them again.",
    );
  }

  #drop(id: string): void {
    const { path, timer } = this.#uploads.get(id)!;
    clearTimeout(timer);
    this.#uploads.delete(id);
    try {
      Deno.removeSync(path, { recursive: true });
    } catch { // Somebody else has removed it.
    }
  }
}

/** The last part of what a browser calls a file, and nothing that leads away. */
function fileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1)!.replace(/^\.+/, "").slice(-200);
  // deno-lint-ignore no-control-regex
  if (/^[^\x00-\x1f]+$/.test(last)) return last;
  throw new HttpError(
    400,
    `Cannot take a file called ${JSON.stringify(name.slice(0, 200))}`,
  );
}
