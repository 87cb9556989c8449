package dev.facet.gateway.archive;

import dev.facet.gateway.ledger.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Removes chips that no living face refers to: of enrolments that were refused, repeated or cut
 * short by a crash, and of deleted faces. Never removes a row.
 *
 * <p>A chip is older than its row. So a young chip without a row may be one of an enrolment under
 * way; the age must be far longer than an enrolment can last. How old a chip is, two clocks say,
 * which may differ, or be set in between; so a chip goes only when the sweep before has found it
 * without a row already.
 */
public final class OrphanSweep {
  private static final int PAGE = 1_000;

  /** Others are found again. */
  private static final int MOST_SUSPECTS = 100_000;

  private final Ledger ledger;
  private final Archive archive;
  private final InstantSource clock;
  private final Duration age;

  /** Found by the sweep before. */
  private Set<StoredChip> suspects = Set.of();

  /**
   * A sweep; nothing runs until it is asked to.
   *
   * @param age younger chips are left alone
   */
  public OrphanSweep(Ledger ledger, Archive archive, InstantSource clock, Duration age) {
    this.ledger = ledger;
    this.archive = archive;
    this.clock = clock;
    this.age = age;
  }

  /**
   * Sweeps the whole archive once and returns how many chips were removed. The time between two
   * sweeps must be longer than an enrolment can last, too.
   */
  public int sweep() {
    Set<StoredChip> found = new HashSet<>();
    Instant before = clock.instant().minus(age);
    int swept = 0;
    Optional<StoredChip> last = Optional.empty();
    while (true) {
      List<StoredChip> page = archive.list(last, PAGE);
      swept += sweep(page.stream().filter(chip -> chip.written().isBefore(before)).toList(), found);
      if (page.size() < PAGE) {
        suspects = found;
        return swept;
      }
      last = Optional.of(page.getLast());
    }
  }

  private int sweep(List<StoredChip> chips, Set<StoredChip> found) {
    int swept = 0;
    for (Map.Entry<Long, List<StoredChip>> entry :
        chips.stream().collect(Collectors.groupingBy(StoredChip::collection)).entrySet()) {
      List<String> names = entry.getValue().stream().map(StoredChip::name).toList();
      Set<String> live = ledger.liveChips(entry.getKey(), names);
      for (StoredChip chip : entry.getValue()) {
        if (live.contains(chip.name())) {
          continue;
        }
        if (suspects.contains(chip)) {
          archive.delete(chip.collection(), chip.name());
          swept++;
        } else if (found.size() < MOST_SUSPECTS) {
          found.add(chip);
        }
      }
    }
    return swept;
  }
}
