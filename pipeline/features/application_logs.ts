/** What http and ssl tell of connections: names, programs, certificates, sizes. */
import type { RecordBatch } from "../record_batch.ts";
import type { NameSource } from "./applications.ts";
import { bears } from "./conn_fields.ts";
import type { Flows } from "./flows.ts";
import { hostName, isLiteral, registrableDomain } from "./names.ts";
import { clientOf, SEVERAL_CLIENTS } from "./proxied.ts";
import { elementsOf } from "../field_json.ts";

/** What an ssl record says of its connection. */
export function addSsl(flows: Flows, batch: RecordBatch): void {
  const A = flows.applications;
  const entries = entriesOf(flows, batch);
  const ts = batch.numbers("ts");
  const sni = batch.texts("server_name");
  const said = flows.said.codesOf(sni);
  const names = sni.values.map(hostName);
  const ja3Column = batch.texts("ja3");
  const ja3 = flows.ja3.codesOf(ja3Column);
  const ja4Column = batch.texts("ja4");
  const ja4 = flows.ja3.codesOf(ja4Column);
  const matches = batch.texts("sni_matches_cert");
  const established = batch.texts("established");
  const subject = batch.texts("subject"), issuer = batch.texts("issuer");
  const validation = batch.texts("validation_status");
  const chains = batch.texts("cert_chain_fps");
  for (let i = 0; i < batch.length; i++) {
    const a = entries[i];
    A.tls[a] = true;
    if (established.values[established.codes[i]] === "T") {
      A.established[a] = true;
    }
    setName(flows, a, sni.codes[i] === 0 ? null : names[sni.codes[i]], "sni");
    setSaid(flows, a, ts[i], said[sni.codes[i]]);
    const print = ja3[ja3Column.codes[i]] >= 0
      ? ja3[ja3Column.codes[i]]
      : ja4[ja4Column.codes[i]];
    if (print >= 0) A.ja3[a] = print;
    const shown = certificateText(
      subject.values[subject.codes[i]],
      issuer.values[issuer.codes[i]],
      chains.values[chains.codes[i]],
    );
    if (shown !== "") A.certificate[a] = flows.certificates.code(shown);
    const named = matches.values[matches.codes[i]];
    if (named === "F") A.certDiffers[a] = true;
    else if (
      named === "T" ||
      bears(subject.values[subject.codes[i]], names[sni.codes[i]])
    ) A.certMatches[a] = true;
    const same = subject.codes[i] !== 0 &&
      subject.values[subject.codes[i]] === issuer.values[issuer.codes[i]];
    const status = validation.values[validation.codes[i]];
    if (same || status.includes("self signed")) A.selfSigned[a] = true;
  }
}

/**
 * What tells a server's certificate from another: its subject, who issued it
 * and the fingerprint of the first of its chain, as far as the log has them.
 */
function certificateText(subject: string, issuer: string, chain: string) {
  const [fingerprint = ""] = chain.split(",");
  return [
    subject,
    issuer === "" ? "" : `issued by ${issuer}`,
    fingerprint === "" ? "" : `fingerprint ${fingerprint}`,
  ].filter((part) => part !== "").join(", ");
}

/** What an http record says of its connection; each is a request. */
export function addHttp(flows: Flows, batch: RecordBatch): void {
  const A = flows.applications;
  const entries = entriesOf(flows, batch);
  const ts = batch.numbers("ts"), depth = batch.numbers("trans_depth");
  const host = batch.texts("host"), uri = batch.texts("uri");
  const hosts = host.values.map(hostName);
  const said = flows.said.codesOf(host);
  const method = batch.texts("method"), referrer = batch.texts("referrer");
  const agent = batch.texts("user_agent");
  const agents = flows.agents.codesOf(agent);
  const mime = batch.texts("resp_mime_types");
  const up = batch.numbers("request_body_len");
  const down = batch.numbers("response_body_len");
  const proxied = batch.texts("proxied");
  const clients = proxied.values.map((text) => {
    const client = clientOf(elementsOf(text).join(","));
    return client === null ? -1 : flows.addresses.code(client);
  });
  for (let i = 0; i < batch.length; i++) {
    const a = entries[i];
    if (isRepeatedRequest(flows, A.uid[a], ts[i], depth[i])) continue;
    const verb = method.values[method.codes[i]];
    const named = host.codes[i] === 0 ? "" : hosts[host.codes[i]];
    const target = verb === "CONNECT" ? hostName(uri.values[uri.codes[i]]) : "";
    setName(flows, a, target || named || null, target ? "connect" : "host");
    setSaid(flows, a, ts[i], named === "" ? -1 : said[host.codes[i]]);
    const client = clients[proxied.codes[i]];
    if (A.requests[a] === 0) A.client[a] = client;
    else if (A.client[a] !== client) A.client[a] = SEVERAL_CLIENTS;
    A.requests[a]++;
    if (named === "" && verb !== "CONNECT") A.missingHost[a]++;
    if (verb === "POST") A.posts[a]++;
    if (referrer.codes[i] !== 0) A.referrers[a]++;
    if (mime.values[mime.codes[i]].startsWith("image/")) A.images[a]++;
    const who = agents[agent.codes[i]];
    if (who < 0 || agent.values[agent.codes[i]] === "") A.blankAgents[a]++;
    else A.agent[a] = who;
    if (up[i] > 0) A.up[a] += up[i];
    if (down[i] > 0) A.down[a] += down[i];
    flows.requestTs.push(ts[i]);
    flows.requestApplication.push(a);
  }
}

/** The same request read twice, as from a combined and a single log. */
function isRepeatedRequest(
  flows: Flows,
  uid: string,
  ts: number,
  depth: number,
): boolean {
  const key = `${uid} ${ts} ${depth}`;
  if (flows.applications.requestsSeen.has(key)) {
    flows.repeated.http = (flows.repeated.http ?? 0) + 1;
    return true;
  }
  flows.applications.requestsSeen.add(key);
  return false;
}

/** Per row the entry in `applications`. */
function entriesOf(flows: Flows, batch: RecordBatch): Uint32Array {
  const A = flows.applications;
  const out = new Uint32Array(batch.length);
  const ts = batch.numbers("ts");
  const srcColumn = batch.texts("id.orig_h");
  const src = flows.addresses.codesOf(srcColumn);
  const dstColumn = batch.texts("id.resp_h");
  const dst = flows.addresses.codesOf(dstColumn);
  const origPort = batch.numbers("id.orig_p");
  const port = batch.numbers("id.resp_p");
  const sensorColumn = batch.texts("_system_name");
  const sensor = flows.sensors.codesOf(sensorColumn);
  const uids = batch.texts("uid");
  for (let i = 0; i < batch.length; i++) {
    const s = src[srcColumn.codes[i]], d = dst[dstColumn.codes[i]];
    const uid = uids.codes[i] === 0
      ? `${s} ${origPort[i]} ${d} ${port[i]} ${ts[i]}`
      : uids.values[uids.codes[i]];
    out[i] = A.entry(
      uid,
      ts[i],
      s,
      d,
      origPort[i],
      port[i],
      sensor[sensorColumn.codes[i]],
    );
  }
  return out;
}

function setSaid(flows: Flows, a: number, ts: number, code: number): void {
  const A = flows.applications;
  if (ts < A.saidTs[a]) return;
  A.saidTs[a] = ts;
  A.said[a] = code;
}

function setName(
  flows: Flows,
  a: number,
  name: string | null,
  source: NameSource,
): void {
  const A = flows.applications;
  if (!name) return;
  if (isFronted(flows, a, name, source)) A.fronted[a] = true;
  if (isLiteral(name)) {
    A.literal[a] = true;
    return;
  }
  if (A.source[a] === "connect" && source !== "connect") return;
  A.name[a] = flows.names.code(name);
  A.source[a] = source;
}

/** The TLS name is one, the Host or the proxy's target another: domain fronting. */
function isFronted(
  { applications: A, names }: Flows,
  a: number,
  name: string,
  source: NameSource,
): boolean {
  const known = A.name[a], by = A.source[a];
  if (known < 0 || by === source || (by !== "sni" && source !== "sni")) {
    return false;
  }
  return !isLiteral(name) &&
    registrableDomain(names.values[known]) !== registrableDomain(name);
}
