import type { FormRefusal, FormValues, NetEvent } from "./_net.ts";

/** What the server refuses, with what is wrong by field where it says so. */
export class Refused extends Error {
  constructor(message: string, readonly fields: FormValues = {}) {
    super(message);
  }
}

/** @throws Refused with the server's sentence. */
export async function ask<T>(
  path: string,
  query: Readonly<Record<string, string>>,
  body?: BodyInit,
): Promise<T> {
  const response = await fetch(`${path}?${new URLSearchParams(query)}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { accept: "application/json" },
    body,
  }).catch(() => {
    throw new Refused("Cannot reach the server: is it still running?");
  });
  const answer: unknown = await response.json();
  if (response.ok) return answer as T;
  const { error, fields } = answer as FormRefusal;
  throw new Refused(error, fields);
}

/** Follows a training or a load until its end; returns what stops following. */
export function followNet(
  job: number,
  tell: (event: NetEvent) => void,
  lost: () => void,
): () => void {
  const events = new EventSource(`/api/net/events?job=${job}`);
  events.addEventListener("net", (message) => {
    const event: NetEvent = JSON.parse(message.data);
    if (event.job.state !== "running") events.close();
    tell(event);
  });
  events.onerror = () => {
    // While it says CONNECTING the browser tries again by itself.
    if (events.readyState === EventSource.CLOSED) lost();
  };
  return () => events.close();
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
