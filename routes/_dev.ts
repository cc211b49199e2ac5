import { eventStream, type ServerEvent } from "./_events.ts";

/** Stays open while the server lives; static/reload.js notices its end. */
export function reload(): Response {
  return eventStream(up());
}

async function* up(): AsyncGenerator<ServerEvent> {
  yield { event: "message", data: "up" };
  await new Promise(() => {});
}
