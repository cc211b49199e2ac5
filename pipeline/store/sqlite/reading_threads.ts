import { SkerryError } from "../../errors.ts";
import { bindable, type SqlValue } from "../sql.ts";
import type { FromReader, ToReader } from "./reading_worker.ts";
import { refusal } from "./refusal.ts";

interface Question {
  readonly sql: string;
  readonly params: readonly SqlValue[];
  readonly arrays: boolean;
  resolve(rows: readonly unknown[]): void;
  reject(error: unknown): void;
}

/** Milliseconds that a thread has to close its connection. */
const GRACE = 1000;

/**
 * Threads that read a store's file beside the connection that everybody takes
 * turns at: one that works for seconds on a statement leaves the server free.
 * The first starts at once, others when all are busy.
 */
export class ReadingThreads implements AsyncDisposable {
  readonly #location: string;
  readonly #path: string;
  readonly #most: number;
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Question>();
  readonly #waiting: Question[] = [];
  #closed = false;

  /**
   * @param location as errors name it; @param path as SQLite opens it.
   * @param most threads at one time, at least 1.
   */
  constructor(location: string, path: string, most: number) {
    this.#location = location;
    this.#path = path;
    this.#most = most;
    this.#idle.push(this.#start());
  }

  /**
   * All rows as objects.
   *
   * @throws SkerryError "Cannot read the store PATH: why"; the signal's reason:
   * the thread then ends behind its statement, and another takes its place.
   */
  all<Row>(
    sql: string,
    params: readonly SqlValue[],
    signal?: AbortSignal,
  ): Promise<Row[]> {
    return this.#ask({ sql, params, arrays: false }, signal) as Promise<Row[]>;
  }

  /** As {@link all}, rows as arrays. */
  arrays(
    sql: string,
    params: readonly SqlValue[],
    signal?: AbortSignal,
  ): Promise<SqlValue[][]> {
    const asked = { sql, params, arrays: true };
    return this.#ask(asked, signal) as Promise<SqlValue[][]>;
  }

  async #ask(
    asked: Pick<Question, "sql" | "params" | "arrays">,
    signal?: AbortSignal,
  ): Promise<readonly unknown[]> {
    signal?.throwIfAborted();
    if (this.#closed) throw this.#isClosed();
    const { promise, resolve, reject } = Promise.withResolvers<
      readonly unknown[]
    >();
    const params = asked.params.map(bindable);
    const question = { ...asked, params, resolve, reject };
    const stop = () => this.#giveUp(question, signal!.reason);
    signal?.addEventListener("abort", stop, { once: true });
    this.#waiting.push(question);
    this.#next();
    try {
      return await promise;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  #start(): Worker {
    const worker = new Worker(new URL("./reading_worker.ts", import.meta.url), {
      type: "module",
    });
    worker.addEventListener(
      "message",
      ({ data }: MessageEvent<FromReader>) => this.#hear(worker, data),
    );
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#lose(worker, refusal("read", this.#location, event.message));
    });
    tell(worker, { type: "open", path: this.#path });
    return worker;
  }

  #next(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle.pop() ??
        (this.#busy.size < this.#most ? this.#start() : null);
      if (!worker) return;
      const question = this.#waiting.shift()!;
      this.#busy.set(worker, question);
      const { sql, params, arrays } = question;
      tell(worker, { type: "ask", sql, params, arrays });
    }
  }

  #hear(worker: Worker, message: FromReader): void {
    const question = this.#busy.get(worker);
    if (!question) return;
    this.#busy.delete(worker);
    this.#idle.push(worker);
    if (message.type === "rows") question.resolve(message.rows);
    else if (message.type === "error") {
      question.reject(
        refusal("read", this.#location, new Error(message.message)),
      );
    }
    this.#next();
  }

  #lose(worker: Worker, error: unknown): void {
    worker.terminate();
    const question = this.#busy.get(worker);
    this.#busy.delete(worker);
    const at = this.#idle.indexOf(worker);
    if (at >= 0) this.#idle.splice(at, 1);
    question?.reject(error);
    this.#next();
  }

  #giveUp(question: Question, reason: unknown): void {
    const at = this.#waiting.indexOf(question);
    if (at >= 0) this.#waiting.splice(at, 1);
    for (const [worker, asked] of this.#busy) {
      if (asked === question) return this.#lose(worker, reason);
    }
    question.reject(reason);
  }

  #isClosed(): SkerryError {
    return new SkerryError(
      `Cannot use the store ${this.#location}: it is closed`,
    );
  }

  /** Whoever still waits is told so; idle threads let go of the file first. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#isClosed());
    for (const worker of [...this.#busy.keys()]) {
      this.#lose(worker, this.#isClosed());
    }
    await Promise.all(this.#idle.splice(0).map(closed));
  }
}

async function closed(worker: Worker): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const late = setTimeout(resolve, GRACE);
  worker.addEventListener("message", () => resolve(), { once: true });
  tell(worker, { type: "close" });
  await promise;
  clearTimeout(late);
  worker.terminate();
}

function tell(worker: Worker, message: ToReader): void {
  worker.postMessage(message);
}
