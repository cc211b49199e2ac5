import type { Context, MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { HttpError } from "./_page.ts";

/**
 * No inline script or style, nothing from elsewhere. No HSTS: this is plain
 * HTTP on the loopback. The referrer stays within the site, because "none"
 * would turn a form's Origin into "null".
 */
export function headers(): MiddlewareHandler {
  return secureHeaders({
    strictTransportSecurity: false,
    referrerPolicy: "same-origin",
    xFrameOptions: "DENY",
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  });
}

/**
 * A page elsewhere can point its own name at 127.0.0.1 (DNS rebinding) and
 * would then share our origin; it cannot choose the Host that is sent.
 */
export function allowHosts(hosts: readonly string[]): MiddlewareHandler {
  return async (c, next) => {
    const asked = [new URL(c.req.url).host, c.req.header("host")];
    if (asked.some((host) => host !== undefined && !hosts.includes(host))) {
      throw new HttpError(
        403,
        "Cannot answer this address",
        `Open http://${hosts[0] ?? "127.0.0.1"}/ instead: other names are ` +
          "refused, so that no other site can read these logs.",
      );
    }
    await next();
  };
}

const SAFE = ["GET", "HEAD"];

/** Only our own pages may change something or make the server work. */
export function sameOrigin(): MiddlewareHandler {
  return async (c, next) => {
    const changes = !SAFE.includes(c.req.method);
    const api = c.req.path.startsWith("/api/");
    if ((changes || api) && !fromHere(c, changes)) {
      throw new HttpError(
        403,
        "Cannot do this for another site",
        "The request did not come from a page of this server.",
      );
    }
    await next();
  };
}

/** What browsers say of a request's origin; the newer header first. */
function fromHere(c: Context, changes: boolean): boolean {
  const site = c.req.header("sec-fetch-site");
  if (site !== undefined) {
    return site === "same-origin" || (!changes && site === "none");
  }
  const origin = c.req.header("origin");
  if (origin === undefined) return !changes;
  return origin === new URL(c.req.url).origin;
}
