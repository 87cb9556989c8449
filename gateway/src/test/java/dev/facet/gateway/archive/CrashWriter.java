package dev.facet.gateway.archive;

import static dev.facet.gateway.archive.Chips.chip;
import static dev.facet.gateway.ledger.Samples.enrollment;
import static dev.facet.gateway.ledger.Samples.face;
import static dev.facet.gateway.ledger.Samples.vector;

import dev.facet.gateway.ledger.CollectionKey;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.Samples;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A process that enrols and deletes for ever, and prints {@code +id} and {@code -id} for what it
 * was told is done.
 */
final class CrashWriter {
  static final int THREADS = 4;

  private CrashWriter() {}

  public static void main(String[] args) {
    Path directory = Path.of(args[0]);
    InstantSource clock = InstantSource.system();
    Archive archive = Archive.directory(directory.resolve("archive"), clock);
    Ledger ledger = Ledger.sqlite(directory.resolve("ledger.db"), clock);
    FaceCollection people =
        ledger
            .collection(new CollectionKey("default", "people"))
            .orElseGet(() -> Samples.collection(ledger));
    for (int i = 0; i < THREADS; i++) {
      String prefix = args[1] + "-" + i + "-";
      Thread.ofPlatform().start(() -> write(ledger, archive, people, prefix));
    }
  }

  /** Every third face is deleted again. */
  static boolean mayBeDeleted(String faceId) {
    return Integer.parseInt(faceId.substring(faceId.lastIndexOf('-') + 1)) % 3 == 0;
  }

  private static void write(Ledger ledger, Archive archive, FaceCollection people, String prefix) {
    for (int i = 0; true; i++) {
      String id = prefix + i;
      String name = archive.put(people.number(), id, chip(id));
      ledger.enroll(people, enrollment("crowd", face(id, vector(id), "{}", Optional.of(name))));
      say("+" + id);
      if (mayBeDeleted(id)) {
        ledger.deleteFace(people, id);
        say("-" + id);
      }
    }
  }

  /** In one piece, so that no line is cut by the kill. */
  private static void say(String line) {
    System.out.writeBytes((line + "\n").getBytes(StandardCharsets.US_ASCII));
    System.out.flush();
  }
}
