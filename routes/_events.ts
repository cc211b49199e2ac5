/** One server-sent event; `data` travels as JSON. */
export interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Milliseconds; without it each browser waits as it likes. */
const RETRY = 1000;

/**
 * Streams events as they come. A reader that leaves ends the iteration, and so
 * does the signal: an open stream would keep the server from ending.
 */
export function eventStream(
  events: AsyncGenerator<ServerEvent>,
  signal?: AbortSignal,
): Response {
  const encoder = new TextEncoder();
  let stop = () => {};
  const end = () => {
    signal?.removeEventListener("abort", stop);
    // Not awaited: a generator that waits ends at its next step.
    events.return(undefined);
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(`retry: ${RETRY}\n\n`));
      stop = () => {
        end();
        controller.close();
      };
      signal?.addEventListener("abort", stop);
    },
    async pull(controller) {
      const { done, value } = await events.next();
      if (signal?.aborted) return;
      if (done) {
        end();
        return controller.close();
      }
      const data = JSON.stringify(value.data);
      controller.enqueue(
        encoder.encode(`event: ${value.event}\ndata: ${data}\n\n`),
      );
    },
    cancel: end,
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
    },
  });
}
