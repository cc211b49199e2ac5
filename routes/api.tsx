import type { ApiDescription, PageProps, RouteModule } from "./_page.ts";

export const title = "API";
export const styles = ["api"];

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly about: ApiDescription;
}

/** Every route under /api/, from what its own file says of it. */
export const handler = {
  async GET(): Promise<{ data: readonly Entry[] }> {
    // When it is asked for: the list holds this file, too.
    const { routes } = await import("./_manifest.gen.ts");
    return { data: routes.flatMap(([path, module]) => entryOf(path, module)) };
  },
};

function entryOf(path: string, { api, handler }: RouteModule): Entry[] {
  if (!api) return [];
  return Object.keys(handler ?? {}).map((method) => ({
    method,
    path,
    about: api,
  }));
}

export default function ApiPage({ data }: PageProps<readonly Entry[]>) {
  return (
    <>
      <div class="head">
        <h1>API</h1>
        <span class="soft">what the pages of this server use</span>
      </div>
      <section class="panel">
        <p class="read">
          Every path answers on this machine only. A POST must come from a page
          of this server or with its own{" "}
          <code>Origin</code>; any other is refused with 403. An error is JSON,
          {" "}
          <code>{'{"error": "…"}'}</code>
          . Types named here are exported beside the route or in{" "}
          <code>islands/</code>.
        </p>
      </section>
      {data.map((entry) => <Route key={entry.path} {...entry} />)}
    </>
  );
}

function Route({ method, path, about }: Entry) {
  const id = path.slice(1).replace(/[^a-z]+/g, "-");
  return (
    <section class="panel api" aria-labelledby={id}>
      <h2 id={id}>
        <code>
          <b>{method}</b> {path}
        </code>
      </h2>
      <p class="read">{about.summary}</p>
      <dl class="kv">
        {Object.entries(about.parameters ?? {}).map(([name, meaning]) => (
          <>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>{meaning}</dd>
          </>
        ))}
        <dt>Answer</dt>
        <dd>{about.answer}</dd>
        {Object.entries(about.errors ?? {}).map(([status, when]) => (
          <>
            <dt>{status}</dt>
            <dd>{when}</dd>
          </>
        ))}
      </dl>
    </section>
  );
}
