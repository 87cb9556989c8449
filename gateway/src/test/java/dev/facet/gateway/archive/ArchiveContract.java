package dev.facet.gateway.archive;

import static dev.facet.gateway.archive.Chips.chip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.gateway.ledger.SettableClock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every archive does, wherever it keeps the chips. */
interface ArchiveContract {

  /** An empty archive. */
  Archive open(SettableClock clock);

  @Test
  default void chipComesBackAsItWasPut() {
    Archive archive = open(new SettableClock());
    Chip chip = chip("a");
    String name = archive.put(7, "f1", chip);
    Chip back = archive.get(7, name).orElseThrow();
    assertThat(back.image()).isEqualTo(chip.image());
    assertThat(back.format()).isEqualTo(chip.format());
    assertThat(back.width()).isEqualTo(200);
    assertThat(back.height()).isEqualTo(240);
    assertThat(back.box()).isEqualTo(chip.box());
    assertThat(back.landmarks()).isEqualTo(chip.landmarks());
    assertThat(back.detector()).isEqualTo(chip.detector());
  }

  @Test
  default void everyPutHasANameOfItsOwn() {
    Archive archive = open(new SettableClock());
    String one = archive.put(7, "f1", chip("a"));
    String other = archive.put(7, "f1", chip("b"));
    archive.delete(7, one);
    assertThat(archive.get(7, one)).isEmpty();
    assertThat(archive.get(7, other).orElseThrow().image()).isEqualTo(chip("b").image());
    archive.delete(7, one);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".",
        "..",
        "-",
        "A",
        "a",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._"
      })
  default void anyFaceIdWillDo(String faceId) {
    Archive archive = open(new SettableClock());
    String name = archive.put(7, faceId, chip("a"));
    assertThat(archive.get(7, name)).isPresent();
    assertThat(archive.list(Optional.empty(), 10)).extracting(StoredChip::name).contains(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "f1", "../f1~000000000000000000000000", "f1~00"})
  default void nameThatNoArchiveMadeIsRefused(String name) {
    Archive archive = open(new SettableClock());
    assertThatThrownBy(() -> archive.get(7, name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  default void collectionsAreApartAndCanBeDropped() {
    Archive archive = open(new SettableClock());
    String name = archive.put(7, "f1", chip("a"));
    String other = archive.put(8, "f1", chip("a"));
    assertThat(archive.get(8, name)).isEmpty();
    archive.drop(7);
    archive.drop(7);
    assertThat(archive.get(7, name)).isEmpty();
    assertThat(archive.get(8, other)).isPresent();
  }

  @Test
  default void chipsAreListedInPagesWithTheirTimes() {
    SettableClock clock = new SettableClock();
    Archive archive = open(clock);
    Set<StoredChip> put = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      long collection = 9L + i % 3;
      String name = archive.put(collection, "f" + i, chip("a"));
      put.add(new StoredChip(collection, name, clock.instant().truncatedTo(ChronoUnit.MILLIS)));
      clock.advance(Duration.ofSeconds(1));
    }
    List<StoredChip> listed = new ArrayList<>();
    List<StoredChip> page = archive.list(Optional.empty(), 7);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(7);
      listed.addAll(page);
      page = archive.list(Optional.of(page.getLast()), 7);
    }
    assertThat(listed).hasSize(60).containsExactlyInAnyOrderElementsOf(put);
  }
}
