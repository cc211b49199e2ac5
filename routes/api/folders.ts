import type { FolderView } from "../../islands/_import_view.ts";
import { type ApiDescription, type RouteContext } from "../_page.ts";

export const api: ApiDescription = {
  summary: "Lists a folder that may be imported.",
  parameters: {
    path: "the folder; those that the server was started with where empty",
  },
  answer: "JSON, a FolderView",
  errors: { 403: "it may not be imported", 404: "it is not there" },
};

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
