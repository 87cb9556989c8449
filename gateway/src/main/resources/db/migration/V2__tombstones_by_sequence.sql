-- A tombstone says which enrolment it ended, by that one's sequence number, and stays when the face
-- id is enrolled again: indexes know faces by the number of their enrolment, and must hear of the
-- end of each.
DROP INDEX tombstone_in_order;
DROP INDEX tombstone_unpurged;
ALTER TABLE tombstone RENAME TO earlier_tombstone;

CREATE TABLE tombstone (
  sequence   BIGINT PRIMARY KEY,
  collection BIGINT NOT NULL,
  face_id    TEXT   NOT NULL, -- empty: the whole collection
  enrolled   BIGINT NOT NULL, -- the face's own sequence; 0 for a collection, or from before this
  chip       TEXT   NOT NULL,
  hidden     BIGINT NOT NULL,
  purged     BIGINT
);
INSERT INTO tombstone (sequence, collection, face_id, enrolled, chip, hidden, purged)
  SELECT sequence, collection, face_id, 0, chip, hidden, purged FROM earlier_tombstone;
DROP TABLE earlier_tombstone;

CREATE UNIQUE INDEX tombstone_in_order ON tombstone (collection, sequence);
CREATE INDEX tombstone_of_face ON tombstone (collection, face_id, sequence);
CREATE INDEX tombstone_unpurged ON tombstone (sequence) WHERE purged IS NULL;
