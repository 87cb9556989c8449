package dev.facet.gateway.archive;

import java.time.Instant;

/** Where a chip lies, and since when. */
public record StoredChip(long collection, String name, Instant written) {}
