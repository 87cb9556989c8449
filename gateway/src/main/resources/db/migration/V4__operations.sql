-- Long jobs. Each belongs to the gateway that runs it, whose heartbeat tells the others that it still
-- does. Error and result are messages of the contract; empty where there is none.
CREATE TABLE operation (
  operation_id  TEXT    PRIMARY KEY, -- in the order of their creation
  tenant_id     TEXT    NOT NULL REFERENCES tenant,
  kind          TEXT    NOT NULL,
  collection_id TEXT    NOT NULL, -- empty: all
  state         TEXT    NOT NULL,
  revision      BIGINT  NOT NULL,
  done_items    BIGINT  NOT NULL,
  total_items   BIGINT  NOT NULL,
  cancelled     INTEGER NOT NULL, -- 1 when it is asked to stop
  error         BYTEA   NOT NULL,
  result        BYTEA   NOT NULL,
  heartbeat     BIGINT  NOT NULL,
  created       BIGINT  NOT NULL,
  updated       BIGINT  NOT NULL
);
CREATE INDEX operation_of_tenant ON operation (tenant_id, operation_id);
CREATE INDEX operation_by_state ON operation (state);
