import { visible } from "../../islands/_visible.ts";
import { clusterRequest, readyView } from "../_cluster_request.ts";
import type { ClusterView, Texts } from "../_clusters.ts";
import { type ApiDescription, HttpError, type RouteContext } from "../_page.ts";

export const api: ApiDescription = {
  summary: "One column of a computed clustering, one value per session.",
  parameters: {
    "dataset, algorithm, …": "query: as for GET /api/clusters",
    column: "query: labels, core, keys, src, dst, or the number of a feature",
  },
  answer: "bytes, little-endian: int32 for labels, uint8 for core, float64 " +
    "for a feature; keys, src and dst as lines of text",
  errors: { 400: "there is no such column", 409: "it is not computed" },
};

export const handler = {
  async GET(context: RouteContext): Promise<Response> {
    const { url } = context;
    const view = readyView(await clusterRequest(context, url));
    const name = url.searchParams.get("column") ?? "";
    return new Response(bodyOf(view, name), {
      headers: {
        "content-type": "application/octet-stream",
        "cache-control": "no-store",
      },
    });
  },
};

function bodyOf(view: ClusterView, name: string): BodyInit {
  if (name === "labels") return bytesOf(view.labels);
  if (name === "core" && view.core) return bytesOf(view.core);
  if (name === "keys") return view.keys.map(visible).join("\n");
  if (name === "src" || name === "dst") return linesOf(view[name]);
  const column = /^\d+$/.test(name) ? view.columns[Number(name)] : undefined;
  if (column) return bytesOf(Float64Array.from(column));
  throw new HttpError(
    400,
    `Cannot send points: column must be labels, core, keys, src, dst or an integer in [0, ${
      view.columns.length - 1
    }], got ${JSON.stringify(visible(name))}`,
  );
}

function linesOf({ codes, values }: Texts): string {
  const shown = values.map(visible);
  return Array.from(codes, (code) => shown[code]).join("\n");
}

/** A copy: the column may be a part of a larger, or of a shared, buffer. */
function bytesOf(
  column: Int32Array | Float64Array | Uint8Array,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(column.byteLength);
  bytes.set(
    new Uint8Array(column.buffer, column.byteOffset, column.byteLength),
  );
  return bytes;
}
