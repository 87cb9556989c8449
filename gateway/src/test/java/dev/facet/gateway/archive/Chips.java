package dev.facet.gateway.archive;

import dev.facet.gateway.archive.Chip.Box;
import dev.facet.gateway.archive.Chip.Format;
import dev.facet.gateway.archive.Chip.Landmarks;
import dev.facet.gateway.archive.Chip.Point;
import dev.facet.gateway.ledger.ModelId;
import java.util.Arrays;
import java.util.Random;

/** Made-up chips for tests. */
public final class Chips {
  private Chips() {}

  /** A chip that depends on the text alone. */
  public static Chip chip(String text) {
    byte[] image = new byte[3_000];
    new Random(text.hashCode()).nextBytes(image);
    return new Chip(
        image,
        Format.PNG,
        200,
        240,
        new Box(50.5f, -2, 100, 120),
        new Landmarks(
            new Point(80, 90),
            new Point(120, 91),
            new Point(100, 110),
            new Point(85, 130),
            new Point(115.25f, 131)),
        new ModelId("yunet", "2023mar", "aa", "bb"),
        -45);
  }

  /** Records compare arrays by identity; this compares what is in them. */
  static boolean equal(Chip one, Chip other) {
    return Arrays.equals(ChipFile.encode(one), ChipFile.encode(other));
  }
}
