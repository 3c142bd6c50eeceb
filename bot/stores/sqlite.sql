-- SQLite's tables. Every key begins with the case, except doors, seen, credentials and references, by which a
-- case is found. Personal data stands only in sealed payloads and sealed keys.

-- name: schema
CREATE TABLE IF NOT EXISTS keys (
  "case" BLOB PRIMARY KEY,            -- 16 bytes, UUIDv7 layout
  wrapped BLOB NOT NULL               -- the data key under a master key; deleting it erases the case
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS turns (
  "case" BLOB NOT NULL,
  number INTEGER NOT NULL,            -- from 1 without gaps: the optimistic check
  at TEXT NOT NULL,                   -- UTC, ISO 8601
  payload BLOB NOT NULL,              -- sealed JSON of the turn
  PRIMARY KEY ("case", number)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS summaries (
  "case" BLOB PRIMARY KEY,
  reference TEXT NOT NULL UNIQUE,
  procedure TEXT NOT NULL,
  version TEXT NOT NULL,
  municipality TEXT,
  state TEXT NOT NULL,
  speaker TEXT NOT NULL,
  language TEXT NOT NULL,
  channel TEXT NOT NULL,
  section TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  files INTEGER NOT NULL,
  tasks INTEGER NOT NULL,
  submission TEXT NOT NULL,
  assignee TEXT NOT NULL,
  flags TEXT NOT NULL                 -- JSON list
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS doors (
  hash BLOB PRIMARY KEY,              -- HMAC(index key, channel + address)
  "case" BLOB NOT NULL,
  channel TEXT NOT NULL,
  state TEXT NOT NULL                 -- current, older, closed
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS seen (
  door BLOB NOT NULL,
  message TEXT NOT NULL,
  "case" BLOB NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (door, message)         -- a second delivery dies here
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS credentials (
  hash BLOB PRIMARY KEY,
  kind TEXT NOT NULL,                 -- token, resume, hop
  "case" BLOB NOT NULL,
  expires TEXT,
  uses INTEGER,                       -- left; null: without bound
  revoked INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS jobs (
  id INTEGER PRIMARY KEY,
  "case" BLOB NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,           -- case:number, so that work is ordered once
  due TEXT NOT NULL,                  -- a claim moves it: the lease is the due date
  tries INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'open', -- open, dead
  payload BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS jobs_due ON jobs (due) WHERE state = 'open';

CREATE TABLE IF NOT EXISTS blind (
  field TEXT NOT NULL,
  hash BLOB NOT NULL,
  "case" BLOB NOT NULL,
  PRIMARY KEY (field, hash, "case")
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS steps (
  "case" BLOB NOT NULL,
  number INTEGER NOT NULL,
  question TEXT NOT NULL,
  kind TEXT NOT NULL,
  ms INTEGER NOT NULL,
  PRIMARY KEY ("case", number, question)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS totals (   -- the funnel of erased cases
  procedure TEXT NOT NULL,
  question TEXT NOT NULL,
  kind TEXT NOT NULL,
  count INTEGER NOT NULL,
  ms INTEGER NOT NULL,
  PRIMARY KEY (procedure, question, kind)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS tombstones (
  "case" BLOB PRIMARY KEY,
  at TEXT NOT NULL
) WITHOUT ROWID;
