package dev.facet.gateway.archive;

import static dev.facet.gateway.archive.Chips.chip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.gateway.ledger.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryArchiveTest implements ArchiveContract {
  @TempDir Path directory;

  @Override
  public Archive open(SettableClock clock) {
    return Archive.directory(directory.resolve("archive"), clock);
  }

  @Test
  void whatACrashLeftIsRemovedAndNotListed() throws IOException {
    open(new SettableClock());
    Path left = directory.resolve("archive/incoming/f1~019b7f8a3b4c5d6e7f809102");
    Files.write(left, new byte[10]);
    Archive archive = open(new SettableClock());
    assertThat(left).doesNotExist();
    assertThat(archive.list(Optional.empty(), 10)).isEmpty();
  }

  @Test
  void tornFileIsNoticed() throws IOException {
    Archive archive = open(new SettableClock());
    String name = archive.put(7, "f1", chip("a"));
    Path file;
    try (var files = Files.walk(directory)) {
      file = files.filter(path -> path.endsWith(name)).findFirst().orElseThrow();
    }
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(() -> archive.get(7, name)).isInstanceOf(ChipDamagedException.class);
  }
}
