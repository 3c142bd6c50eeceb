-- SQLite's tables and every statement that touches them. Two files: the ledger, whose keys begin with the case
-- except in doors, seen, credentials and blind, by which a case is found; and the key file, which holds nothing but
-- wrapped data keys, so that an old copy of the ledger cannot bring back what was erased since.
-- Personal data stands only in sealed payloads. Migrations are appended as ledger_2, ledger_3 ...: additive only.

-- name: ledger_1
CREATE TABLE turns (
  "case" BLOB NOT NULL,               -- 16 bytes, UUIDv7 layout
  number INTEGER NOT NULL,            -- from 1 without gaps: the optimistic check
  at TEXT NOT NULL,                   -- UTC, ISO 8601, always 32 characters
  payload BLOB NOT NULL,              -- sealed JSON of the turn
  PRIMARY KEY ("case", number)
);                                    -- with a rowid: long rows in a WITHOUT ROWID tree cost three times the pages

CREATE TABLE summaries (
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

CREATE TABLE doors (
  hash BLOB NOT NULL,                 -- HMAC(index key, channel and address)
  "case" BLOB NOT NULL,
  channel TEXT NOT NULL,
  state TEXT NOT NULL,                -- current, older, closed
  PRIMARY KEY (hash, "case")
) WITHOUT ROWID;
CREATE UNIQUE INDEX doors_current ON doors (hash) WHERE state = 'current';
CREATE INDEX doors_case ON doors ("case");

CREATE TABLE seen (
  door BLOB NOT NULL,
  message TEXT NOT NULL,
  "case" BLOB NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (door, message)         -- a second delivery dies here
) WITHOUT ROWID;
CREATE INDEX seen_case ON seen ("case");

CREATE TABLE credentials (
  hash BLOB PRIMARY KEY,
  kind TEXT NOT NULL,                 -- token, resume, hop
  "case" BLOB NOT NULL,
  expires TEXT,
  uses INTEGER,                       -- what is left; null is without bound
  revoked INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX credentials_case ON credentials ("case");

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- never reused: a late worker must not settle another's job
  "case" BLOB NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,                  -- case:number and the like
  due TEXT NOT NULL,                  -- a claim moves it: the lease is the due date
  tries INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'open', -- open, dead
  payload BLOB NOT NULL,
  UNIQUE ("case", key)                -- work is ordered once
);
CREATE INDEX jobs_due ON jobs (due) WHERE state = 'open';

CREATE TABLE blind (
  field TEXT NOT NULL,
  hash BLOB NOT NULL,
  "case" BLOB NOT NULL,
  PRIMARY KEY (field, hash, "case")
) WITHOUT ROWID;
CREATE INDEX blind_case ON blind ("case");

CREATE TABLE steps (
  "case" BLOB NOT NULL,
  number INTEGER NOT NULL,
  question TEXT NOT NULL,
  kind TEXT NOT NULL,
  ms INTEGER NOT NULL,
  PRIMARY KEY ("case", number, question)
) WITHOUT ROWID;

CREATE TABLE totals (                 -- the funnel of erased cases
  procedure TEXT NOT NULL,
  question TEXT NOT NULL,
  kind TEXT NOT NULL,
  steps INTEGER NOT NULL,
  ms INTEGER NOT NULL,
  PRIMARY KEY (procedure, question, kind)
) WITHOUT ROWID;

CREATE TABLE tombstones (
  "case" BLOB PRIMARY KEY,
  at TEXT NOT NULL
) WITHOUT ROWID;

-- name: ledger_2
-- of a web case the case itself is the door: these rows are found by their own key, and need no second one
DROP INDEX seen_case;
CREATE INDEX seen_case ON seen ("case") WHERE door <> "case";

-- name: keys_1
CREATE TABLE keys (
  "case" BLOB PRIMARY KEY,
  wrapped BLOB NOT NULL               -- the data key under a master key; deleting it erases the case
) WITHOUT ROWID;

-- name: is_seen
SELECT 1 FROM seen WHERE door = ? AND message = ?

-- name: is_taken
SELECT EXISTS (SELECT 1 FROM tombstones WHERE "case" = :case)
    OR EXISTS (SELECT 1 FROM summaries WHERE "case" = :case OR reference = :reference)

-- name: write_turn
-- no gaps: only the number right behind the last one
INSERT INTO turns ("case", number, at, payload)
SELECT ?1, ?2, ?3, ?4
WHERE ?2 = 1 + (SELECT coalesce(max(number), 0) FROM turns WHERE "case" = ?1)

-- name: write_summary
INSERT INTO summaries ("case", reference, procedure, version, municipality, state, speaker, language, channel, section,
  opened_at, updated_at, files, tasks, submission, assignee, flags)
VALUES (:case, :reference, :procedure, :version, :municipality, :state, :speaker, :language, :channel, :section,
  :opened_at, :updated_at, :files, :tasks, :submission, :assignee, :flags)
ON CONFLICT ("case") DO UPDATE SET version = excluded.version, municipality = excluded.municipality,
  state = excluded.state, speaker = excluded.speaker, language = excluded.language, channel = excluded.channel,
  section = excluded.section, updated_at = excluded.updated_at, files = excluded.files, tasks = excluded.tasks,
  submission = excluded.submission, assignee = excluded.assignee, flags = excluded.flags

-- name: change_summary
UPDATE summaries SET version = ?, municipality = ?, state = ?, speaker = ?, language = ?, channel = ?, section = ?,
  updated_at = ?, files = ?, tasks = ?, submission = ?, assignee = ?, flags = ?
WHERE "case" = ?

-- name: write_seen
INSERT INTO seen (door, message, "case", at) VALUES (?, ?, ?, ?)

-- name: write_job
INSERT INTO jobs ("case", kind, key, due, payload) VALUES (?, ?, ?, ?, ?) ON CONFLICT ("case", key) DO NOTHING

-- name: make_older
UPDATE doors SET state = 'older' WHERE hash = ? AND state = 'current' AND "case" <> ?

-- name: write_door
INSERT INTO doors (hash, "case", channel, state) VALUES (?, ?, ?, ?)
ON CONFLICT (hash, "case") DO UPDATE SET channel = excluded.channel, state = excluded.state

-- name: write_credential
-- a hash belongs to the case that brought it first
INSERT INTO credentials (hash, kind, "case", expires, uses, revoked) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (hash) DO UPDATE SET kind = excluded.kind, expires = excluded.expires, uses = excluded.uses,
  revoked = excluded.revoked
WHERE credentials."case" = excluded."case"

-- name: write_blind
INSERT INTO blind (field, hash, "case") VALUES (?, ?, ?) ON CONFLICT DO NOTHING

-- name: write_step
INSERT INTO steps ("case", number, question, kind, ms) VALUES (?, ?, ?, ?, ?)
ON CONFLICT ("case", number, question) DO UPDATE SET kind = excluded.kind, ms = excluded.ms

-- name: rewrite_turn
UPDATE turns SET payload = :payload WHERE "case" = :case AND number = :number

-- name: due_jobs
SELECT id, "case", kind, key, tries + 1, payload FROM jobs
WHERE state = 'open' AND due <= ? ORDER BY due, id LIMIT ?

-- name: lease_job
UPDATE jobs SET due = ?, tries = tries + 1 WHERE id = ?

-- name: job_done
DELETE FROM jobs WHERE id = :job

-- name: job_later
UPDATE jobs SET due = :due WHERE id = :job AND (:tries IS NULL OR tries = :tries)

-- name: job_dead
UPDATE jobs SET state = 'dead' WHERE id = :job AND (:tries IS NULL OR tries = :tries)

-- name: credential
SELECT "case", uses FROM credentials
WHERE hash = :hash AND kind = :kind AND revoked = 0 AND (expires IS NULL OR expires > :now)
  AND (uses IS NULL OR uses > 0)

-- name: use_credential
UPDATE credentials SET uses = uses - 1
WHERE hash = :hash AND kind = :kind AND revoked = 0 AND (expires IS NULL OR expires > :now) AND uses > 0
RETURNING "case"

-- name: has_turns
SELECT 1 FROM turns WHERE "case" = ? LIMIT 1

-- name: fold_steps
INSERT INTO totals (procedure, question, kind, steps, ms)
SELECT summaries.procedure, steps.question, steps.kind, count(*), sum(steps.ms)
FROM steps JOIN summaries ON summaries."case" = steps."case"
WHERE steps."case" = ? GROUP BY steps.question, steps.kind
ON CONFLICT (procedure, question, kind) DO UPDATE SET steps = steps + excluded.steps, ms = ms + excluded.ms

-- name: erase_case
DELETE FROM steps WHERE "case" = :case;
DELETE FROM turns WHERE "case" = :case;
DELETE FROM summaries WHERE "case" = :case;
DELETE FROM doors WHERE "case" = :case;
DELETE FROM seen WHERE door = :case;
DELETE FROM seen WHERE "case" = :case AND door <> "case";
DELETE FROM credentials WHERE "case" = :case;
DELETE FROM jobs WHERE "case" = :case;
DELETE FROM blind WHERE "case" = :case;
INSERT INTO tombstones ("case", at) VALUES (:case, :at) ON CONFLICT ("case") DO NOTHING;

-- name: erased
SELECT 1 FROM tombstones WHERE "case" = ?

-- name: stale_seen
-- what a client told its own case is remembered as long as that lives
SELECT door, message FROM seen WHERE at < ? AND door <> "case"

-- name: drop_seen
DELETE FROM seen WHERE door = ? AND message = ?

-- name: stale_credentials
SELECT hash FROM credentials WHERE expires <= ? OR uses = 0 OR revoked = 1

-- name: drop_credential
DELETE FROM credentials WHERE hash = ?

-- name: rows_after
SELECT number, at, payload FROM turns WHERE "case" = ? AND number > ? ORDER BY number

-- name: last_number
SELECT max(number) FROM turns WHERE "case" = ?

-- name: current_door
SELECT "case" FROM doors WHERE hash = ? AND state = 'current'

-- name: open_doors
SELECT "case" FROM doors WHERE hash = ? AND state <> 'closed' ORDER BY state = 'current' DESC, "case" DESC

-- name: by_reference
SELECT "case" FROM summaries WHERE reference = ?

-- name: by_blind
SELECT "case" FROM blind WHERE field = ? AND hash = ? ORDER BY "case" DESC

-- name: summaries
SELECT "case", reference, procedure, version, municipality, state, speaker, language, channel, section, opened_at,
  updated_at, files, tasks, submission, assignee, flags
FROM summaries
WHERE (:after IS NULL OR "case" < :after) AND (:procedure IS NULL OR procedure = :procedure)
  AND (:state IS NULL OR state = :state) AND (:reference IS NULL OR reference = :reference)
ORDER BY "case" DESC LIMIT :limit

-- name: funnel
SELECT procedure, question, kind, sum(steps), sum(ms) FROM (
  SELECT procedure, question, kind, steps, ms FROM totals
  UNION ALL
  SELECT summaries.procedure, steps.question, steps.kind, 1, steps.ms
  FROM steps JOIN summaries ON summaries."case" = steps."case"
) GROUP BY procedure, question, kind ORDER BY procedure, question, kind

-- name: keyless_cases
-- an old copy of the ledger was put back: these cases were erased since
SELECT "case" FROM summaries EXCEPT SELECT "case" FROM vault.keys

-- name: keys_of_erased
-- a process died between the two files: the case is gone, its key is not
SELECT "case" FROM tombstones INTERSECT SELECT "case" FROM vault.keys

-- name: key
SELECT wrapped FROM keys WHERE "case" = ?

-- name: put_key
INSERT INTO keys ("case", wrapped) VALUES (?, ?) ON CONFLICT ("case") DO UPDATE SET wrapped = excluded.wrapped

-- name: swap_key
-- no insert: a case that another process erases meanwhile stays erased
UPDATE keys SET wrapped = ? WHERE "case" = ?

-- name: drop_key
DELETE FROM keys WHERE "case" = ?

-- name: keys_after
SELECT "case", wrapped FROM keys WHERE "case" > ? ORDER BY "case" LIMIT ?
