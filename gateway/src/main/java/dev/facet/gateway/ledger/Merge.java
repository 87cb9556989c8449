package dev.facet.gateway.ledger;

/** The subject that received the faces of another, and how many. */
public record Merge(Subject subject, int movedFaces) {}
