package dev.facet.gateway.ledger;

import java.time.Instant;

/** A person in a collection. */
public record Subject(
    String subjectId, SubjectDetails details, int faceCount, Instant created, Instant updated) {}
