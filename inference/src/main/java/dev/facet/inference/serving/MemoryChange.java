package dev.facet.inference.serving;

import java.util.OptionalLong;

/**
 * Resident memory of the whole process, in bytes, before a load and after it; whatever else the
 * process did meanwhile is in the difference too. Empty where the system does not tell.
 */
public record MemoryChange(OptionalLong before, OptionalLong after) {

  static final MemoryChange UNKNOWN = new MemoryChange(OptionalLong.empty(), OptionalLong.empty());
}
