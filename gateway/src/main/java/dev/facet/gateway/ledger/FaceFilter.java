package dev.facet.gateway.ledger;

import java.util.Map;
import java.util.Set;

/**
 * Which faces of a collection take part in a search.
 *
 * @param subjects only faces of these; all when empty
 * @param metadata only faces whose metadata has, at its top level, these names with values equal to
 *     these JSON texts; all when empty
 */
public record FaceFilter(Set<String> subjects, Map<String, String> metadata) {
  /** Every face. */
  public static final FaceFilter ALL = new FaceFilter(Set.of(), Map.of());

  public FaceFilter {
    subjects = Set.copyOf(subjects);
    metadata = Map.copyOf(metadata);
  }

  public boolean passesAll() {
    return subjects.isEmpty() && metadata.isEmpty();
  }
}
