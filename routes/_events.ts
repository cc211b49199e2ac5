/** One server-sent event; `data` travels as JSON. */
export interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
}

/** Milliseconds; without it each browser waits as it likes. */
const RETRY = 1000;

/** Streams events as they come; a reader that leaves ends the iteration. */
export function eventStream(events: AsyncGenerator<ServerEvent>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(`retry: ${RETRY}\n\n`));
    },
    async pull(controller) {
      const { done, value } = await events.next();
      if (done) return controller.close();
      const data = JSON.stringify(value.data);
      controller.enqueue(
        encoder.encode(`event: ${value.event}\ndata: ${data}\n\n`),
      );
    },
    cancel() {
      // Not awaited: a generator that waits ends at its next step.
      events.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
    },
  });
}
