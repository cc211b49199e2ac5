/**
 * The schema as it grew: one idempotent statement per step, because a step
 * that fails half-way leaves its DDL behind. Never edit a step that was
 * released; append. `PRAGMA user_version` counts the steps that were done.
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
];
