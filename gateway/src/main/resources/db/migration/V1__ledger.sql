-- One dialect for SQLite and PostgreSQL. Times are microseconds since 1970; vectors are
-- little-endian float32; metadata is JSON text; empty text stands for "not given".

-- The newest change. Its row is locked from the first change of a transaction to the commit, so
-- that sequence numbers become visible in their order.
CREATE TABLE change_sequence (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  newest   BIGINT NOT NULL
);
INSERT INTO change_sequence (only_row, newest) VALUES (1, 0);

CREATE TABLE tenant (
  tenant_id TEXT PRIMARY KEY,
  created   BIGINT NOT NULL
);

CREATE TABLE collection (
  number                BIGINT PRIMARY KEY, -- of change_sequence, so never used again
  tenant_id             TEXT    NOT NULL REFERENCES tenant,
  collection_id         TEXT    NOT NULL,
  model_name            TEXT    NOT NULL,
  model_version         TEXT    NOT NULL,
  weights_sha256        TEXT    NOT NULL,
  preprocessing_sha256  TEXT    NOT NULL,
  dimension             INTEGER NOT NULL,
  display_name          TEXT    NOT NULL,
  match_threshold       REAL    NOT NULL,
  face_ttl              BIGINT, -- microseconds
  metadata              TEXT    NOT NULL,
  created               BIGINT  NOT NULL,
  updated               BIGINT  NOT NULL,
  UNIQUE (tenant_id, collection_id)
);

CREATE TABLE subject (
  collection   BIGINT NOT NULL REFERENCES collection,
  subject_id   TEXT   NOT NULL,
  display_name TEXT   NOT NULL,
  external_id  TEXT   NOT NULL,
  metadata     TEXT   NOT NULL,
  created      BIGINT NOT NULL,
  updated      BIGINT NOT NULL,
  PRIMARY KEY (collection, subject_id)
);

-- Living faces only. The vector stands last, so that whoever does not want it does not read it.
CREATE TABLE face (
  collection        BIGINT NOT NULL,
  face_id           TEXT   NOT NULL,
  sequence          BIGINT NOT NULL UNIQUE,
  subject_id        TEXT   NOT NULL,
  external_id       TEXT   NOT NULL,
  metadata          TEXT   NOT NULL,
  consent_reference TEXT   NOT NULL,
  content_sha256    TEXT   NOT NULL,
  chip              TEXT   NOT NULL, -- the archive's name of the picture
  created           BIGINT NOT NULL,
  updated           BIGINT NOT NULL,
  vector            BYTEA  NOT NULL,
  PRIMARY KEY (collection, face_id),
  FOREIGN KEY (collection, subject_id) REFERENCES subject
);
CREATE UNIQUE INDEX face_in_order ON face (collection, sequence);
CREATE INDEX face_of_subject ON face (collection, subject_id, sequence);
CREATE INDEX face_of_chip ON face (collection, chip);

-- What was deleted: hidden at once, purged when no store holds a byte of it any more.
CREATE TABLE tombstone (
  collection BIGINT NOT NULL,
  face_id    TEXT   NOT NULL, -- empty: the whole collection
  sequence   BIGINT NOT NULL UNIQUE,
  chip       TEXT   NOT NULL,
  hidden     BIGINT NOT NULL,
  purged     BIGINT,
  PRIMARY KEY (collection, face_id)
);
CREATE UNIQUE INDEX tombstone_in_order ON tombstone (collection, sequence);
CREATE INDEX tombstone_unpurged ON tombstone (sequence) WHERE purged IS NULL;

-- Requests that must not act twice.
CREATE TABLE request (
  tenant_id  TEXT   NOT NULL,
  request_id TEXT   NOT NULL,
  sha256     TEXT   NOT NULL,
  collection BIGINT NOT NULL,
  face_ids   TEXT   NOT NULL, -- separated by spaces
  answer     BYTEA  NOT NULL,
  expires    BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, request_id)
);
CREATE INDEX request_by_expiry ON request (expires);
