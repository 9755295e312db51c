-- The store of `reviewer batch`, version 2 (PRAGMA user_version).
--
-- A run has one entry for each line of its sources. What the review of one content under one set of rules and wishes
-- gives is a result; entries of several runs, and copies within a run, share it. So a run in which nothing has changed
-- writes no finding again, and two runs differ just where their entries point at other results.
-- Numbers count within what they belong to and are the same whatever was ready first; ids are not.

CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,          -- ISO 8601, UTC
    finished TEXT,                  -- NULL while it runs, and after an interruption
    tool TEXT NOT NULL,             -- version of this program
    rules TEXT NOT NULL,            -- digest of rules, checks and parsers
    settings TEXT NOT NULL,         -- JSON object: what was asked for
    sources TEXT NOT NULL,          -- JSON array: the sources as they were named
    folder TEXT NOT NULL            -- the folder in which it was started, from which paths count
) STRICT;

CREATE TABLE result (
    id INTEGER PRIMARY KEY,
    key TEXT UNIQUE                 -- of content, wishes and rules; NULL where another run may come further
) STRICT;

-- What was observed of a content before anything was judged, and by which rules: the next run asks only those rules
-- again that have changed since. It can be thrown away at any time; then all of them are asked.
CREATE TABLE rule_set (
    rules TEXT PRIMARY KEY,         -- as in run
    parts TEXT NOT NULL             -- JSON object: digest of each rule by its id
) STRICT, WITHOUT ROWID;

CREATE TABLE observation (
    key TEXT PRIMARY KEY,           -- of content, wishes, and what all rules have in common
    result INTEGER NOT NULL REFERENCES result (id) ON DELETE CASCADE,
    rules TEXT NOT NULL REFERENCES rule_set (rules),
    data BLOB NOT NULL              -- JSON, compressed by zlib
) STRICT;
CREATE INDEX observation_result ON observation (result);

CREATE TABLE entry (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,        -- from 1, in the order of the sources
    source TEXT NOT NULL,           -- the source that it comes from, as it was named
    name TEXT NOT NULL,
    version TEXT NOT NULL,          -- empty where the source names none
    path TEXT NOT NULL,             -- of the folder, archive or file
    expected TEXT NOT NULL,         -- the digest that the source promises; empty for none
    digest TEXT NOT NULL,           -- the digest that was found; empty while waiting and where nothing could be read
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'empty', 'refused', 'failed')),
    error TEXT NOT NULL,            -- why there is no result
    reused INTEGER NOT NULL,        -- 1 where the result was there already
    seconds REAL NOT NULL,          -- that the review took
    result INTEGER REFERENCES result (id),
    PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_waiting ON entry (run, number) WHERE state = 'waiting';
CREATE INDEX entry_result ON entry (result);
CREATE INDEX entry_name ON entry (run, name);

CREATE TABLE subject (
    id INTEGER PRIMARY KEY,
    result INTEGER NOT NULL REFERENCES result (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,        -- from 1, outer subjects first
    path TEXT NOT NULL,             -- its folder in the entry; empty for the entry as a whole
    kind TEXT NOT NULL,             -- plugin, host, registry, design
    ecosystem TEXT NOT NULL,
    plugin TEXT NOT NULL,           -- the id by which it names itself; may be empty
    version TEXT NOT NULL,          -- likewise
    publisher TEXT NOT NULL,        -- likewise
    manifest TEXT NOT NULL,         -- path of the manifest; empty where there is none
    score INTEGER NOT NULL,         -- risk of its permissions, 0 to 100
    files INTEGER NOT NULL,         -- coverage: how many there are,
    analysed INTEGER NOT NULL,      -- and how many were looked at
    complete INTEGER NOT NULL,      -- 0 where something that matters was not looked at
    UNIQUE (result, number)
) STRICT;
CREATE INDEX subject_plugin ON subject (plugin);

CREATE TABLE finding (
    subject INTEGER NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    rule TEXT NOT NULL,
    name TEXT NOT NULL,
    expert TEXT NOT NULL,
    severity TEXT NOT NULL,
    confidence TEXT NOT NULL,
    message TEXT NOT NULL,
    path TEXT NOT NULL,             -- relative to the subject, as every path below
    line INTEGER NOT NULL,
    "column" INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    end_column INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,      -- survives shifts of lines
    excerpt TEXT NOT NULL,          -- the source lines of the place
    suppressed TEXT NOT NULL,       -- kind of the suppression; empty for none
    PRIMARY KEY (subject, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_rule ON finding (rule);

CREATE TABLE permission (
    subject INTEGER NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    permission TEXT NOT NULL,       -- resource.action
    how TEXT NOT NULL CHECK (how IN ('declared', 'used', 'undeclared', 'unused')),
    PRIMARY KEY (subject, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX permission_name ON permission (permission, how);

CREATE TABLE skipped (              -- coverage: what was not looked at
    subject INTEGER NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    path TEXT NOT NULL,
    reason TEXT NOT NULL,
    matters INTEGER NOT NULL,       -- 1 where the review is not complete without it
    PRIMARY KEY (subject, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE problem (              -- checks that crashed, limits that were hit
    subject INTEGER NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    rule TEXT NOT NULL,
    message TEXT NOT NULL,
    path TEXT NOT NULL,
    PRIMARY KEY (subject, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE dependency (
    subject INTEGER NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    range TEXT NOT NULL,            -- as it is spelled; empty where none is
    kind TEXT NOT NULL CHECK (kind IN ('plugin', 'package', 'peer', 'optional')),
    PRIMARY KEY (subject, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX dependency_name ON dependency (name);

CREATE TABLE file (                 -- source files by content, to know bundled libraries again
    subject INTEGER NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    path TEXT NOT NULL,
    digest TEXT NOT NULL,           -- SHA-256
    bytes INTEGER NOT NULL,
    PRIMARY KEY (subject, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_digest ON file (digest);

-- What most questions begin with: the subjects of a run, each with the entry that it comes from.
CREATE VIEW run_subject AS
SELECT entry.run, entry.number AS entry, entry.name AS entry_name, entry.version AS entry_version,
       entry.path AS entry_path, subject.*
FROM entry JOIN subject USING (result);

CREATE VIEW run_finding AS
SELECT entry.run, entry.number AS entry, entry.name AS entry_name, entry.version AS entry_version,
       subject.number AS subject_number, subject.path AS subject_path, subject.kind, subject.ecosystem, subject.plugin, subject.score, finding.*
FROM entry JOIN subject USING (result) JOIN finding ON finding.subject = subject.id
