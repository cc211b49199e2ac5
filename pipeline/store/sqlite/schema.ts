/**
 * The schema as it grew, one statement per step; those that are missing are
 * done in one transaction, all or none. Never edit a step that was released;
 * append. `PRAGMA user_version` counts the steps that were done.
 *
 * Records are clustered by source, destination, port and time within an
 * import: one pair's rows lie together and stream in time order. Addresses are
 * 16 bytes, x'' where unset; `ts_us` is microseconds since the epoch; `resp_p`
 * is −1 where unset, since a key cannot be NULL. Every other NULL means unset.
 * Numbers are REAL: it gives back the double that a batch holds, also beyond
 * 2^53 where an INTEGER could not be read, and SQLite writes whole ones to
 * disk as integers anyway.
 */
export const STEPS: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS datasets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    created_at REAL NOT NULL
  )`,
  // state: 'loading' until finish(), then 'ready'; readers see only ready ones.
  `CREATE TABLE IF NOT EXISTS imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dataset_id INTEGER NOT NULL REFERENCES datasets (id),
    state TEXT NOT NULL CHECK (state IN ('loading', 'ready')),
    started_at REAL NOT NULL,
    nrows INTEGER NOT NULL DEFAULT 0
  )`,
  `CREATE INDEX IF NOT EXISTS imports_dataset ON imports (dataset_id, state)`,
  `CREATE TABLE IF NOT EXISTS import_files (
    import_id INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    dataset_id INTEGER NOT NULL REFERENCES datasets (id),
    hash TEXT NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    reports TEXT NOT NULL,
    other_records TEXT NOT NULL,
    notes TEXT NOT NULL,
    UNIQUE (dataset_id, hash)
  )`,
  `CREATE INDEX IF NOT EXISTS import_files_import ON import_files (import_id)`,
  // What one import holds of one log type, so that nobody counts records.
  `CREATE TABLE IF NOT EXISTS import_records (
    import_id INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    log_type TEXT NOT NULL,
    nrows INTEGER NOT NULL,
    first_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL,
    more_fields TEXT NOT NULL,
    PRIMARY KEY (import_id, log_type)
  ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS conn (
    import_id INTEGER NOT NULL,
    orig_h BLOB NOT NULL,
    resp_h BLOB NOT NULL,
    resp_p INTEGER NOT NULL,
    ts_us INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    log_type TEXT NOT NULL,
    uid TEXT,
    orig_p REAL,
    proto TEXT,
    service TEXT,
    duration REAL,
    orig_bytes REAL,
    resp_bytes REAL,
    conn_state TEXT,
    local_orig TEXT,
    local_resp TEXT,
    missed_bytes REAL,
    history TEXT,
    orig_pkts REAL,
    orig_ip_bytes REAL,
    resp_pkts REAL,
    resp_ip_bytes REAL,
    label TEXT,
    system_name TEXT,
    more TEXT,
    PRIMARY KEY (import_id, orig_h, resp_h, resp_p, ts_us, seq)
  ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS http (
    import_id INTEGER NOT NULL,
    orig_h BLOB NOT NULL,
    resp_h BLOB NOT NULL,
    resp_p INTEGER NOT NULL,
    ts_us INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    log_type TEXT NOT NULL,
    uid TEXT,
    orig_p REAL,
    trans_depth REAL,
    method TEXT,
    host TEXT,
    uri TEXT,
    referrer TEXT,
    version TEXT,
    user_agent TEXT,
    request_body_len REAL,
    response_body_len REAL,
    status_code REAL,
    resp_mime_types TEXT,
    tags TEXT,
    proxied TEXT,
    beacon TEXT,
    label TEXT,
    cat TEXT,
    system_name TEXT,
    more TEXT,
    PRIMARY KEY (import_id, orig_h, resp_h, resp_p, ts_us, seq)
  ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS dns (
    import_id INTEGER NOT NULL,
    orig_h BLOB NOT NULL,
    resp_h BLOB NOT NULL,
    resp_p INTEGER NOT NULL,
    ts_us INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    log_type TEXT NOT NULL,
    uid TEXT,
    orig_p REAL,
    proto TEXT,
    query TEXT,
    qclass_name TEXT,
    qtype REAL,
    qtype_name TEXT,
    rcode_name TEXT,
    AA TEXT,
    RD TEXT,
    RA TEXT,
    answers TEXT,
    TTLs TEXT,
    rtt REAL,
    system_name TEXT,
    more TEXT,
    PRIMARY KEY (import_id, orig_h, resp_h, resp_p, ts_us, seq)
  ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS ssl (
    import_id INTEGER NOT NULL,
    orig_h BLOB NOT NULL,
    resp_h BLOB NOT NULL,
    resp_p INTEGER NOT NULL,
    ts_us INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    log_type TEXT NOT NULL,
    uid TEXT,
    orig_p REAL,
    version TEXT,
    cipher TEXT,
    server_name TEXT,
    resumed TEXT,
    established TEXT,
    ja3 TEXT,
    ja3s TEXT,
    ja4 TEXT,
    subject TEXT,
    issuer TEXT,
    validation_status TEXT,
    cert_chain_fps TEXT,
    next_protocol TEXT,
    system_name TEXT,
    more TEXT,
    PRIMARY KEY (import_id, orig_h, resp_h, resp_p, ts_us, seq)
  ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS labels (
    dataset_id INTEGER NOT NULL REFERENCES datasets (id),
    uid TEXT NOT NULL,
    source TEXT NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (dataset_id, uid, source)
  ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dataset_id INTEGER NOT NULL REFERENCES datasets (id),
    started_at REAL NOT NULL,
    finding_count INTEGER NOT NULL,
    report TEXT NOT NULL
  )`,
  `CREATE INDEX IF NOT EXISTS runs_dataset ON runs (dataset_id)`,
  // document: the finding without its series; series: little-endian f64.
  `CREATE TABLE IF NOT EXISTS findings (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    rank INTEGER NOT NULL,
    finding_id TEXT NOT NULL,
    score REAL NOT NULL,
    severity TEXT NOT NULL,
    detector TEXT NOT NULL,
    src TEXT NOT NULL,
    dst TEXT NOT NULL,
    name TEXT,
    document TEXT NOT NULL,
    series_ts BLOB NOT NULL,
    series_bytes BLOB NOT NULL,
    UNIQUE (run_id, rank)
  )`,
  `CREATE INDEX IF NOT EXISTS findings_id ON findings (run_id, finding_id)`,
  // Opinions and notes name a finding, not a run: they outlive both.
  `CREATE TABLE IF NOT EXISTS opinions (
    finding_id TEXT PRIMARY KEY,
    verdict TEXT CHECK (verdict IN ('malicious', 'benign', 'unsure')),
    regular INTEGER CHECK (regular IN (0, 1)),
    tags TEXT NOT NULL DEFAULT '[]'
  ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    finding_id TEXT NOT NULL,
    at REAL NOT NULL,
    text TEXT NOT NULL
  )`,
  `CREATE INDEX IF NOT EXISTS notes_finding ON notes (finding_id)`,
  `CREATE TABLE IF NOT EXISTS models (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    created_at REAL NOT NULL,
    model TEXT NOT NULL,
    UNIQUE (name, kind)
  )`,
  // Holds all that `scores` asks for: no finding is read.
  `CREATE INDEX IF NOT EXISTS findings_scores
    ON findings (run_id, finding_id, score)`,
  `DROP INDEX IF EXISTS findings_id`,
  // Version 2. A record's file, so that one file's records can be removed.
  ...["conn", "http", "dns", "ssl"].flatMap((table) => [
    `ALTER TABLE ${table} ADD COLUMN file_no INTEGER NOT NULL DEFAULT 0`,
    // It made every later import slower; `uids` is filled when it is asked for.
    `DROP INDEX IF EXISTS ${table}_uid`,
  ]),
  // step: how far an import is that is not ready; see imports.ts.
  `ALTER TABLE imports ADD COLUMN step INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE imports ADD COLUMN uids_ready INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE import_files ADD COLUMN file_no INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE import_files ADD COLUMN modified_at REAL`,
  `ALTER TABLE import_files ADD COLUMN continues TEXT`,
  `ALTER TABLE import_files ADD COLUMN content TEXT`,
  `ALTER TABLE import_files ADD COLUMN tail TEXT`,
  // One row per source, destination, port and name of an import.
  `CREATE TABLE IF NOT EXISTS pairs (
    import_id INTEGER NOT NULL,
    log_type TEXT NOT NULL,
    orig_h BLOB NOT NULL,
    resp_h BLOB NOT NULL,
    resp_p INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    name TEXT,
    nrows INTEGER NOT NULL,
    first_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL,
    PRIMARY KEY (import_id, log_type, orig_h, resp_h, resp_p, seq)
  ) WITHOUT ROWID`,
  // Records per 300 seconds of an import.
  `CREATE TABLE IF NOT EXISTS bins (
    import_id INTEGER NOT NULL,
    log_type TEXT NOT NULL,
    bin INTEGER NOT NULL,
    nrows INTEGER NOT NULL,
    PRIMARY KEY (import_id, log_type, bin)
  ) WITHOUT ROWID`,
  // Filled for an import when a uid is first looked for.
  `CREATE TABLE IF NOT EXISTS uids (
    import_id INTEGER NOT NULL,
    uid TEXT NOT NULL,
    log_type TEXT NOT NULL,
    orig_h BLOB NOT NULL,
    resp_h BLOB NOT NULL,
    resp_p INTEGER NOT NULL,
    ts_us INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (import_id, uid, log_type, seq)
  ) WITHOUT ROWID`,
  ...["conn", "http", "dns", "ssl"].flatMap(summariesOf),
  `ALTER TABLE opinions ADD COLUMN owner TEXT`,
  // Every answer that was given, whether it still stands or not.
  `CREATE TABLE IF NOT EXISTS decisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    finding_id TEXT NOT NULL,
    at REAL NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    about TEXT NOT NULL,
    value TEXT
  )`,
  `CREATE INDEX IF NOT EXISTS decisions_finding ON decisions (finding_id)`,
  `CREATE TABLE IF NOT EXISTS safelist (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    reason TEXT NOT NULL,
    author TEXT NOT NULL,
    created_at REAL NOT NULL,
    expires_at REAL
  )`,
  `ALTER TABLE models ADD COLUMN dataset TEXT`,
  // Which sessions lie in which cluster of a model, in the dataset's order.
  `CREATE TABLE IF NOT EXISTS cluster_members (
    model_id INTEGER NOT NULL,
    label INTEGER NOT NULL,
    n INTEGER NOT NULL,
    uid TEXT NOT NULL,
    PRIMARY KEY (model_id, label, n)
  ) WITHOUT ROWID`,
  // Every log without a table of its own; clustered as they are.
  `CREATE TABLE IF NOT EXISTS records (
    import_id INTEGER NOT NULL,
    orig_h BLOB NOT NULL,
    resp_h BLOB NOT NULL,
    resp_p INTEGER NOT NULL,
    ts_us INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    file_no INTEGER NOT NULL,
    log_type TEXT NOT NULL,
    uid TEXT,
    orig_p REAL,
    system_name TEXT,
    more TEXT,
    PRIMARY KEY (import_id, orig_h, resp_h, resp_p, ts_us, seq)
  ) WITHOUT ROWID`,
  // Begins with the import: a load adds to its end, however much is held.
  `CREATE INDEX IF NOT EXISTS records_type
    ON records (import_id, log_type, ts_us, seq)`,
  // One row per source of an import, summed over its pairs.
  `CREATE TABLE IF NOT EXISTS hosts (
    import_id INTEGER NOT NULL,
    log_type TEXT NOT NULL,
    orig_h BLOB NOT NULL,
    nrows INTEGER NOT NULL,
    first_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL,
    PRIMARY KEY (import_id, log_type, orig_h)
  ) WITHOUT ROWID`,
  `INSERT INTO hosts (import_id, log_type, orig_h, nrows, first_us, last_us)
    SELECT import_id, log_type, orig_h, sum(nrows), min(first_us), max(last_us)
    FROM pairs GROUP BY import_id, log_type, orig_h`,
  // Who reached a destination. Behind the import, so that a load only appends.
  `CREATE INDEX IF NOT EXISTS pairs_resp ON pairs (import_id, resp_h)`,
  // What people say of a host; removed: when a note was taken back.
  `CREATE TABLE IF NOT EXISTS host_notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dataset_id INTEGER NOT NULL,
    address BLOB NOT NULL,
    at REAL NOT NULL,
    who TEXT NOT NULL,
    text TEXT NOT NULL,
    removed REAL
  )`,
  `CREATE INDEX IF NOT EXISTS host_notes_host
    ON host_notes (dataset_id, address)`,
  `CREATE TABLE IF NOT EXISTS host_tags (
    dataset_id INTEGER NOT NULL,
    address BLOB NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (dataset_id, address, tag)
  ) WITHOUT ROWID`,
  // Hold all that counting asks for, and say which findings are of a host: their
  // rows, with a series each, are not read through.
  `CREATE INDEX IF NOT EXISTS findings_src ON findings (run_id, src, severity)`,
  `CREATE INDEX IF NOT EXISTS findings_dst ON findings (run_id, dst)`,
  // A record's line in its file; NULL in imports that are older.
  ...["conn", "http", "dns", "ssl", "records"].map((table) =>
    `ALTER TABLE ${table} ADD COLUMN line_no INTEGER`
  ),
];

/** For imports of version 1: what overview.ts fills for later ones. */
function summariesOf(table: string): string[] {
  const name = { http: "host", ssl: "server_name", dns: "query" }[table] ??
    "NULL";
  return [
    `INSERT INTO pairs (import_id, log_type, orig_h, resp_h, resp_p, seq, name,
        nrows, first_us, last_us)
      SELECT import_id, log_type, orig_h, resp_h, resp_p, min(seq),
        substr(${name}, 1, 255) AS n, count(*), min(ts_us), max(ts_us)
      FROM ${table}
      GROUP BY import_id, log_type, orig_h, resp_h, resp_p, n`,
    `INSERT INTO bins (import_id, log_type, bin, nrows)
      SELECT import_id, log_type,
        (ts_us - ts_us % 300000000) / 300000000, count(*)
      FROM ${table} GROUP BY 1, 2, 3`,
  ];
}
