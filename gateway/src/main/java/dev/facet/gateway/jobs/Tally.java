package dev.facet.gateway.jobs;

import dev.facet.gateway.jobs.CheckReport.Example;
import dev.facet.gateway.jobs.CheckReport.Finding;
import dev.facet.gateway.jobs.CheckReport.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A {@link CheckReport} in the making. */
final class Tally {
  private static final int EXAMPLES = 100;

  /** What is counted beside the findings. */
  enum Count {
    COLLECTIONS,
    FACES,
    GALLERY_FACES,
    PICTURES,
    SEARCHED,
    READ_PICTURES
  }

  private final Map<Count, Long> counts = new EnumMap<>(Count.class);
  private final Map<Kind, Finding> findings = new EnumMap<>(Kind.class);

  Tally() {
    Arrays.stream(Kind.values())
        .forEach(kind -> findings.put(kind, new Finding(kind, 0, 0, List.of())));
  }

  void count(Count what, long more) {
    counts.merge(what, more, Long::sum);
  }

  /**
   * Adds what was found.
   *
   * @param ids of the things found
   * @param repaired how many of them were mended
   */
  void found(Kind kind, String collectionId, Collection<String> ids, int repaired) {
    findings.computeIfPresent(kind, (_, before) -> more(before, collectionId, ids, repaired));
  }

  private static Finding more(
      Finding before, String collectionId, Collection<String> ids, int repaired) {
    List<Example> examples = new ArrayList<>(before.examples());
    ids.stream()
        .limit(EXAMPLES - examples.size())
        .forEach(id -> examples.add(new Example(collectionId, id)));
    return new Finding(
        before.kind(), before.count() + ids.size(), before.repaired() + repaired, examples);
  }

  CheckReport report() {
    return new CheckReport(
        counted(Count.COLLECTIONS),
        counted(Count.FACES),
        counted(Count.GALLERY_FACES),
        counted(Count.PICTURES),
        counted(Count.SEARCHED),
        counted(Count.READ_PICTURES),
        List.copyOf(findings.values()));
  }

  private long counted(Count what) {
    return counts.getOrDefault(what, 0L);
  }
}
