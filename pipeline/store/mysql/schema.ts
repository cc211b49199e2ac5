import type { Column } from "../tables.ts";
import { RECORDS, type RecordTable, TYPED_TABLES } from "../tables.ts";

/**
 * The schema as it grew, as in sqlite/schema.ts: one idempotent statement per
 * step, because a step that fails half-way leaves its DDL behind. Never edit
 * a step that was released; append.
 *
 * Texts by which rows are found are VARBINARY, compared byte by byte: in
 * utf8mb4 collations "a" may equal "a ". Times are BIGINT microseconds: no
 * DATETIME, which a server's time zone would shift.
 */
export const STEPS: readonly string[] = [
  table(
    "datasets",
    "id BIGINT AUTO_INCREMENT PRIMARY KEY",
    "name VARBINARY(2048) NOT NULL UNIQUE",
    "created_at DOUBLE NOT NULL",
  ),
  table(
    "imports",
    "id BIGINT AUTO_INCREMENT PRIMARY KEY",
    "dataset_id BIGINT NOT NULL",
    "state VARCHAR(16) NOT NULL",
    "step INT NOT NULL DEFAULT 0",
    "uids_ready INT NOT NULL DEFAULT 0",
    "started_at DOUBLE NOT NULL",
    "nrows BIGINT NOT NULL DEFAULT 0",
    "INDEX (dataset_id, state)",
  ),
  table(
    "import_files",
    "import_id BIGINT NOT NULL",
    "dataset_id BIGINT NOT NULL",
    "file_no INT NOT NULL",
    "hash VARBINARY(255) NOT NULL",
    "path MEDIUMTEXT NOT NULL",
    "size BIGINT NOT NULL",
    "modified_at DOUBLE",
    "continues VARBINARY(255)",
    "content TEXT",
    "reports LONGTEXT NOT NULL",
    "other_records MEDIUMTEXT NOT NULL",
    "notes MEDIUMTEXT NOT NULL",
    "tail MEDIUMTEXT",
    "UNIQUE (dataset_id, hash)",
    "INDEX (import_id)",
  ),
  table(
    "import_records",
    "import_id BIGINT NOT NULL",
    "log_type VARCHAR(64) NOT NULL",
    "nrows BIGINT NOT NULL",
    "first_us BIGINT NOT NULL",
    "last_us BIGINT NOT NULL",
    "more_fields MEDIUMTEXT NOT NULL",
    "PRIMARY KEY (import_id, log_type)",
  ),
  ...TYPED_TABLES.map((table) => recordTable(table)),
  table(
    "pairs",
    "import_id BIGINT NOT NULL",
    "log_type VARCHAR(64) NOT NULL",
    "orig_h VARBINARY(16) NOT NULL",
    "resp_h VARBINARY(16) NOT NULL",
    "resp_p INT NOT NULL",
    "seq INT UNSIGNED NOT NULL",
    "name VARCHAR(255)",
    "nrows BIGINT NOT NULL",
    "first_us BIGINT NOT NULL",
    "last_us BIGINT NOT NULL",
    "PRIMARY KEY (import_id, log_type, orig_h, resp_h, resp_p, seq)",
    // Who reached a destination; behind the import a load only appends.
    "INDEX (import_id, resp_h)",
  ),
  table(
    "bins",
    "import_id BIGINT NOT NULL",
    "log_type VARCHAR(64) NOT NULL",
    "bin BIGINT NOT NULL",
    "nrows BIGINT NOT NULL",
    "PRIMARY KEY (import_id, log_type, bin)",
  ),
  table(
    "uids",
    "import_id BIGINT NOT NULL",
    "uid VARBINARY(256) NOT NULL",
    "log_type VARCHAR(64) NOT NULL",
    "orig_h VARBINARY(16) NOT NULL",
    "resp_h VARBINARY(16) NOT NULL",
    "resp_p INT NOT NULL",
    "ts_us BIGINT NOT NULL",
    "seq INT UNSIGNED NOT NULL",
    "PRIMARY KEY (import_id, uid, log_type, seq)",
  ),
  table(
    "labels",
    "dataset_id BIGINT NOT NULL",
    "uid VARBINARY(255) NOT NULL",
    "source VARBINARY(64) NOT NULL",
    "value DOUBLE NOT NULL",
    "PRIMARY KEY (dataset_id, uid, source)",
  ),
  table(
    "runs",
    "id BIGINT AUTO_INCREMENT PRIMARY KEY",
    "dataset_id BIGINT NOT NULL",
    "started_at DOUBLE NOT NULL",
    "finding_count INT NOT NULL",
    "report LONGTEXT NOT NULL",
    "INDEX (dataset_id)",
  ),
  table(
    "findings",
    "run_id BIGINT NOT NULL",
    "`rank` INT NOT NULL",
    "finding_id VARBINARY(255) NOT NULL",
    "score DOUBLE NOT NULL",
    "severity VARCHAR(16) NOT NULL",
    "detector VARCHAR(64) NOT NULL",
    "src TEXT NOT NULL",
    "dst TEXT NOT NULL",
    "name MEDIUMTEXT",
    "document LONGTEXT NOT NULL",
    "series_ts LONGBLOB NOT NULL",
    "series_bytes LONGBLOB NOT NULL",
    "PRIMARY KEY (run_id, `rank`)",
    "INDEX (run_id, finding_id, score)",
  ),
  table(
    "opinions",
    "finding_id VARBINARY(255) PRIMARY KEY",
    "verdict VARCHAR(16)",
    "regular INT",
    "tags LONGTEXT NOT NULL",
    "owner MEDIUMTEXT",
  ),
  table(
    "notes",
    "id BIGINT AUTO_INCREMENT PRIMARY KEY",
    "finding_id VARBINARY(255) NOT NULL",
    "at DOUBLE NOT NULL",
    "text LONGTEXT NOT NULL",
    "INDEX (finding_id)",
  ),
  table(
    "decisions",
    "id BIGINT AUTO_INCREMENT PRIMARY KEY",
    "finding_id VARBINARY(255) NOT NULL",
    "at DOUBLE NOT NULL",
    "who TEXT NOT NULL",
    "why LONGTEXT NOT NULL",
    "about VARCHAR(16) NOT NULL",
    "value TEXT",
    "INDEX (finding_id)",
  ),
  table(
    "safelist",
    "id BIGINT AUTO_INCREMENT PRIMARY KEY",
    "kind VARCHAR(32) NOT NULL",
    "value MEDIUMTEXT NOT NULL",
    "reason MEDIUMTEXT NOT NULL",
    "author TEXT NOT NULL",
    "created_at DOUBLE NOT NULL",
    "expires_at DOUBLE",
  ),
  table(
    "models",
    "id BIGINT AUTO_INCREMENT PRIMARY KEY",
    "name VARBINARY(1024) NOT NULL",
    "kind VARBINARY(64) NOT NULL",
    "created_at DOUBLE NOT NULL",
    "dataset MEDIUMTEXT",
    "model LONGTEXT NOT NULL",
    "UNIQUE (name, kind)",
  ),
  table(
    "cluster_members",
    "model_id BIGINT NOT NULL",
    "label INT NOT NULL",
    "n INT NOT NULL",
    "uid MEDIUMTEXT NOT NULL",
    "PRIMARY KEY (model_id, label, n)",
  ),
  // Begins with the import: a load adds to its end, however much is held.
  recordTable(RECORDS, "INDEX (import_id, log_type, ts_us, seq)"),
  table(
    "hosts",
    "import_id BIGINT NOT NULL",
    "log_type VARCHAR(64) NOT NULL",
    "orig_h VARBINARY(16) NOT NULL",
    "nrows BIGINT NOT NULL",
    "first_us BIGINT NOT NULL",
    "last_us BIGINT NOT NULL",
    "PRIMARY KEY (import_id, log_type, orig_h)",
  ),
  // For imports that are older than the table.
  `INSERT IGNORE INTO \`hosts\` (import_id, log_type, orig_h, nrows, first_us,
    last_us)
  SELECT import_id, log_type, orig_h, sum(nrows), min(first_us), max(last_us)
  FROM pairs GROUP BY import_id, log_type, orig_h`,
  table(
    "host_notes",
    "id BIGINT AUTO_INCREMENT PRIMARY KEY",
    "dataset_id BIGINT NOT NULL",
    "address VARBINARY(16) NOT NULL",
    "at DOUBLE NOT NULL",
    "who TEXT NOT NULL",
    "text LONGTEXT NOT NULL",
    "removed DOUBLE",
    "INDEX (dataset_id, address)",
  ),
  table(
    "host_tags",
    "dataset_id BIGINT NOT NULL",
    "address VARBINARY(16) NOT NULL",
    "tag VARBINARY(256) NOT NULL",
    "PRIMARY KEY (dataset_id, address, tag)",
  ),
  // A record's line in its file; NULL in imports that are older. MySQL knows no
  // IF NOT EXISTS here, and takes what only MariaDB reads for a comment.
  ...[...TYPED_TABLES, RECORDS].map(({ name }) =>
    `ALTER TABLE \`${name}\` ADD COLUMN /*M! IF NOT EXISTS */ line_no BIGINT`
  ),
];

/** The bookkeeping of {@link STEPS}; made before all others. */
export const VERSION_TABLE = table(
  "skerry_schema",
  "id INT PRIMARY KEY",
  "version INT NOT NULL",
);

/** Names of the tables that a database of ours has. */
export const TABLES: readonly string[] = [
  ...new Set(STEPS.map((step) => /`(\w+)`/.exec(step)![1])),
];

function table(name: string, ...parts: string[]): string {
  return `CREATE TABLE IF NOT EXISTS \`${name}\` (
  ${parts.join(",\n  ")}
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`;
}

/** Clustered by its key; most without another index: one would slow every load. */
function recordTable(
  { name, columns }: RecordTable,
  ...indices: string[]
): string {
  const key = new Set(["orig_h", "resp_h", "resp_p", "ts_us"]);
  return table(
    name,
    "import_id BIGINT NOT NULL",
    "orig_h VARBINARY(16) NOT NULL",
    "resp_h VARBINARY(16) NOT NULL",
    "resp_p INT NOT NULL",
    "ts_us BIGINT NOT NULL",
    "seq INT UNSIGNED NOT NULL",
    "file_no INT NOT NULL",
    "log_type VARCHAR(64) NOT NULL",
    ...columns.filter(({ sql }) => !key.has(sql)).map(columnSql),
    "more LONGTEXT",
    "PRIMARY KEY (import_id, orig_h, resp_h, resp_p, ts_us, seq)",
    ...indices,
  );
}

function columnSql({ sql, kind }: Column): string {
  return `${sql} ${kind === "number" ? "DOUBLE" : "MEDIUMTEXT"}`;
}
