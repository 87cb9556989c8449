package dev.facet.gateway.jobs;

/**
 * What came of a rebuild.
 *
 * @param faces in the new index when it took the place of the other
 * @param searched faces that were searched by their own vectors before
 * @param found those of them that were found
 */
public record RebuildReport(long faces, long searched, long found) {}
