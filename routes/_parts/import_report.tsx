import {
  bytes,
  number,
  plural,
  span,
  zoneName,
} from "../../islands/_format.ts";
import { cut, visible } from "../../islands/_visible.ts";
import type { DatasetReport } from "../../pipeline/mod.ts";

/** Rows that one page lists. */
const LISTED = 500;

type File = DatasetReport["files"][number];

/** Every line that is told of: file, line, field, value, reason. */
export function SkippedLines({ report }: { report: DatasetReport }) {
  const lines = report.files.flatMap(({ path, logs }) =>
    logs.flatMap(({ errors }) => errors.map((error) => ({ path, ...error })))
  );
  const { skipped } = report.dataset;
  if (skipped === 0 && report.notes.length === 0) return null;
  return (
    <section class="panel pad0" aria-labelledby="skipped">
      <header>
        <h2 id="skipped">What was not read</h2>
        <span class="small soft">
          {plural(skipped, "line")} skipped
          {lines.length < skipped
            ? `, the first ${number(lines.length)} told`
            : ""}
        </span>
      </header>
      {report.notes.length === 0 ? null : (
        <ul class="inset">
          {report.notes.slice(0, LISTED).map((text, i) => (
            <li key={i}>{cut(visible(text), 400)}</li>
          ))}
        </ul>
      )}
      {lines.length === 0 ? null : (
        <div
          class="scroll"
          tabIndex={0}
          role="region"
          aria-label="Skipped lines"
        >
          <table class="blocks">
            <thead>
              <tr>
                <th scope="col">File</th>
                <th scope="col" class="num">Line</th>
                <th scope="col">Field</th>
                <th scope="col">Value</th>
                <th scope="col">Reason</th>
              </tr>
            </thead>
            <tbody>
              {lines.slice(0, LISTED).map((line, i) => (
                <tr key={i}>
                  <td class="path">{cut(visible(line.path), 160)}</td>
                  <td class="num" data-k="line">{number(line.line)}</td>
                  <td class="mono">{visible(line.field) || "whole line"}</td>
                  <td class="mono wrap">{cut(visible(line.value), 120)}</td>
                  <td class="wrap">{cut(visible(line.reason), 300)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** Each file, and what of it is held. */
export function FileTable({ report: { files } }: { report: DatasetReport }) {
  if (files.length === 0) return null;
  return (
    <section class="panel pad0" aria-labelledby="files">
      <header>
        <h2 id="files">Files</h2>
        <span class="small soft">
          {files.length > LISTED
            ? `the first ${number(LISTED)} of ${number(files.length)}`
            : plural(files.length, "file")}
        </span>
      </header>
      <div class="scroll" tabIndex={0} role="region" aria-label="List of files">
        <table class="blocks">
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Log type</th>
              <th scope="col">Format</th>
              <th scope="col" class="num">Records</th>
              <th scope="col" class="num">Lines skipped</th>
              <th scope="col">Times ({zoneName()})</th>
              <th scope="col" class="num">Size</th>
              <th scope="col" class="num">Read at</th>
            </tr>
          </thead>
          <tbody>
            {files.slice(0, LISTED).flatMap((file, f) =>
              (file.logs.length > 0 ? file.logs : [null]).map((log, i) => (
                <tr key={`${f} ${i}`}>
                  <td class="path">{i === 0 ? nameOf(file) : ""}</td>
                  <td>{log ? visible(log.logType) : "nothing kept"}</td>
                  <td>{log?.format ?? ""}</td>
                  <td class="num" data-k="records">
                    {number(log?.records ?? 0)}
                  </td>
                  <td class="num" data-k="skipped">
                    {number(log?.skipped ?? 0)}
                  </td>
                  <td class="nowrap">
                    {log ? span(log.firstTs, log.lastTs) : ""}
                  </td>
                  <td class="num" data-k="size">
                    {i === 0 ? bytes(file.size) : ""}
                  </td>
                  <td class="num" data-k="read at">
                    {i === 0 ? rateOf(file) : ""}
                  </td>
                </tr>
              ))
            )}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Of the file as it lies on disk; "" where nobody took the time. */
function rateOf({ size, seconds }: File): string {
  return seconds ? `${bytes(size / seconds)}/s` : "";
}

/** A file that grew was read in several parts. */
function nameOf({ path, parts }: File): string {
  const shown = cut(visible(path), 160);
  return parts > 1 ? `${shown} (read on ${plural(parts - 1, "time")})` : shown;
}
