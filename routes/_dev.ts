import { eventStream, type ServerEvent } from "./_events.ts";

/** Stays open while the server lives; static/reload.js notices its end. */
export function reload(signal?: AbortSignal): Response {
  return eventStream(up(), signal);
}

async function* up(): AsyncGenerator<ServerEvent> {
  yield { event: "message", data: "up" };
  await new Promise(() => {});
}
