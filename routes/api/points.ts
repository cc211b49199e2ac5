import { visible } from "../../islands/_visible.ts";
import { chosenDataset } from "../_chosen.ts";
import type { ClusterView } from "../_clusters.ts";
import { HttpError, type RouteContext } from "../_page.ts";

/**
 * One column of a clustering: `column=labels` as int32, `column=keys` as lines
 * of text, `column=N` as float64; little-endian, one value per session.
 */
export const handler = {
  async GET({ store, url, clusters }: RouteContext): Promise<Response> {
    const dataset = await chosenDataset(store, url);
    const view = dataset && clusters?.ready(dataset);
    if (!view) {
      throw new HttpError(409, "Cannot send points: no clusters are computed");
    }
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
  if (name === "keys") return view.keys.map(visible).join("\n");
  const column = /^\d+$/.test(name) ? view.columns[Number(name)] : undefined;
  if (column) return bytesOf(Float64Array.from(column));
  throw new HttpError(
    400,
    `Cannot send points: column must be labels, keys or an integer in [0, ${
      view.columns.length - 1
    }], got ${JSON.stringify(visible(name))}`,
  );
}

/** A copy: the column may be a part of a larger, or of a shared, buffer. */
function bytesOf(column: Int32Array | Float64Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(column.byteLength);
  bytes.set(
    new Uint8Array(column.buffer, column.byteOffset, column.byteLength),
  );
  return bytes;
}
