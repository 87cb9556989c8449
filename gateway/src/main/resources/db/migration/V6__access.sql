-- Tenants have names; keys open the door, and are known by the digests of their secrets; what is
-- done with them is recorded in a chain.
ALTER TABLE tenant ADD COLUMN display_name TEXT NOT NULL DEFAULT '';
ALTER TABLE tenant ADD COLUMN updated BIGINT NOT NULL DEFAULT 0;
UPDATE tenant SET updated = created;

CREATE TABLE api_key (
  key_id           TEXT    PRIMARY KEY,
  tenant_id        TEXT    NOT NULL REFERENCES tenant,
  sha256           TEXT    NOT NULL, -- of the secret
  display_name     TEXT    NOT NULL,
  scopes           TEXT    NOT NULL, -- separated by spaces
  calls_per_second DOUBLE PRECISION NOT NULL, -- 0: any number, as below
  burst            INTEGER NOT NULL,
  concurrent_calls INTEGER NOT NULL,
  expires          BIGINT,
  revoked          BIGINT,
  used             BIGINT, -- late by a minute
  created          BIGINT  NOT NULL,
  updated          BIGINT  NOT NULL
);
CREATE INDEX api_key_of_tenant ON api_key (tenant_id, key_id);

CREATE TABLE audit_record (
  number          BIGINT PRIMARY KEY,
  time            BIGINT NOT NULL,
  tenant_id       TEXT   NOT NULL,
  key_id          TEXT   NOT NULL,
  action          TEXT   NOT NULL,
  objects         TEXT   NOT NULL,
  outcome         TEXT   NOT NULL,
  previous_sha256 TEXT   NOT NULL,
  sha256          TEXT   NOT NULL
);
CREATE INDEX audit_record_of_tenant ON audit_record (tenant_id, number);

-- The newest record, which tells when the end of the chain is missing.
CREATE TABLE audit_head (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  number   BIGINT NOT NULL,
  sha256   TEXT   NOT NULL
);
INSERT INTO audit_head (only_row, number, sha256)
  VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
