-- What there is once for the whole ledger: its identity, and which gallery its gateways search.
CREATE TABLE fact (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);
