import type { FolderView } from "../../islands/_import_view.ts";
import type { RouteContext } from "../_page.ts";

/**
 * `GET ?path=DIR`: a `FolderView` of what lies in a folder that may be
 * imported; without a path the folders that the server was started with. 403
 * for one elsewhere.
 */
export const handler = {
  async GET({ url, imports: { roots } }: RouteContext): Promise<Response> {
    const path = url.searchParams.get("path") ?? "";
    if (path === "") {
      const folders = roots.paths.map((root) => ({ path: root, name: root }));
      const view: FolderView = { path: "", above: null, folders };
      return Response.json(view);
    }
    const real = await roots.resolve(path);
    const view: FolderView = {
      path: real,
      above: roots.above(real),
      folders: await roots.folders(real),
    };
    return Response.json(view);
  },
};
