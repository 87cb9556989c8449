package dev.facet.gateway.gallery.scan;

import static dev.facet.gateway.ledger.Samples.MODEL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.gateway.gallery.Draft;
import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.GalleryContract;
import dev.facet.gateway.gallery.GalleryException;
import dev.facet.gateway.gallery.Hit;
import dev.facet.gateway.gallery.Query;
import dev.facet.gateway.ledger.CollectionKey;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Samples;
import dev.facet.gateway.ledger.UnitVector;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gallery in a folder: what a start finds after a stop, after a crash, after damage. */
class ScanFolderTest implements GalleryContract {
  private static final String LEDGER = "of these faces";
  private static final int DIMENSION = 128;
  private static final int FACES = 5_000; // enough for codes
  private static final FaceCollection PEOPLE =
      new FaceCollection(
          7,
          new CollectionKey("default", "people"),
          MODEL,
          DIMENSION,
          Samples.DETAILS,
          Instant.EPOCH,
          Instant.EPOCH);

  @TempDir Path directory;

  @Override
  public Gallery open() {
    return ScanGallery.in(directory.resolve("contract" + System.nanoTime()), LEDGER, 2);
  }

  private static List<Entry> faces(int first, int count) {
    Random random = new Random(first);
    List<Entry> faces = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      faces.add(new Entry(first + i, Samples.vector(random, DIMENSION)));
    }
    return faces;
  }

  private static List<Hit> nearest(Gallery gallery, UnitVector vector) {
    return gallery.search(PEOPLE, new Query(vector, MODEL, 1, 4, Optional.empty()));
  }

  /** A gallery with some thousand faces, the tenth of them removed, stopped in order. */
  private Path filled() {
    Path folder = directory.resolve("gallery");
    try (Gallery gallery = ScanGallery.in(folder, LEDGER, 2)) {
      gallery.open(PEOPLE);
      gallery.upsert(PEOPLE, faces(1, FACES));
      gallery.delete(PEOPLE, List.of(10L));
      gallery.advance(FACES + 1);
    }
    return folder;
  }

  @Test
  void startGoesOnFromTheSnapshot() {
    Path folder = filled();
    List<Entry> faces = faces(1, FACES);
    for (int start = 0; start < 2; start++) {
      try (Gallery gallery = ScanGallery.in(folder, LEDGER, 2)) {
        assertThat(gallery.position()).isEqualTo(FACES + 1);
        assertThat(gallery.count(PEOPLE)).isEqualTo(FACES - 1);
        assertThat(nearest(gallery, faces.getFirst().vector())).containsExactly(new Hit(1, 0));
        assertThat(nearest(gallery, faces.get(9).vector()).getFirst().key()).isNotEqualTo(10);
        gallery.upsert(PEOPLE, faces.subList(10, 100)); // followed twice
        assertThat(gallery.count(PEOPLE)).isEqualTo(FACES - 1);
      }
    }
  }

  /** The files as a killed process leaves them: written on after the snapshot. */
  @Test
  void crashLosesNothingThatTheSnapshotHolds() throws IOException {
    Path folder = filled();
    Path copy = Files.createDirectory(directory.resolve("copy"));
    List<Entry> later = faces(FACES + 2, 3_000);
    try (Gallery gallery = ScanGallery.in(folder, LEDGER, 2)) {
      gallery.upsert(PEOPLE, later);
      gallery.delete(PEOPLE, List.of(20L));
      gallery.advance(9_000);
      copy(folder, copy);
    }
    try (Gallery gallery = ScanGallery.in(copy, LEDGER, 2)) {
      assertThat(gallery.position()).isEqualTo(FACES + 1);
      assertThat(gallery.count(PEOPLE)).isEqualTo(FACES - 1);
      // What follows the position is followed again.
      gallery.upsert(PEOPLE, later);
      gallery.delete(PEOPLE, List.of(20L));
      assertThat(gallery.count(PEOPLE)).isEqualTo(FACES + 3_000 - 2);
      assertThat(nearest(gallery, later.getLast().vector()))
          .containsExactly(new Hit(later.getLast().key(), 0));
    }
  }

  /** No change of the ledger would bring these again. */
  @Test
  void crashLosesNeitherRebuildNorMend() throws IOException {
    Path folder = filled();
    Path copy = Files.createDirectory(directory.resolve("copy"));
    List<Entry> faces = faces(1, FACES);
    try (Gallery gallery = ScanGallery.in(folder, LEDGER, 2)) {
      try (Draft draft = gallery.draft(PEOPLE)) {
        draft.upsert(faces.subList(0, 100));
        draft.publish(FACES + 1);
      }
      gallery.mend(PEOPLE, faces.subList(200, 201), List.of(5L));
      copy(folder, copy);
    }
    try (Gallery gallery = ScanGallery.in(copy, LEDGER, 2)) {
      assertThat(gallery.position()).isEqualTo(FACES + 1);
      assertThat(gallery.count(PEOPLE)).isEqualTo(100);
      assertThat(nearest(gallery, faces.get(200).vector())).containsExactly(new Hit(201, 0));
      Draft before = gallery.kept(PEOPLE).orElseThrow();
      assertThat(before.followed()).isEqualTo(FACES + 1);
      assertThat(before.count()).isEqualTo(FACES - 1);
      before.publish(FACES + 1);
      assertThat(gallery.count(PEOPLE)).isEqualTo(FACES - 1);
      gallery.kept(PEOPLE).orElseThrow().close();
    }
    try (Gallery gallery = ScanGallery.in(copy, LEDGER, 2)) {
      assertThat(gallery.count(PEOPLE)).isEqualTo(FACES - 1);
      assertThat(gallery.kept(PEOPLE)).isEmpty();
    }
    assertThat(files(copy)).filteredOn(file -> file.toString().endsWith(".vectors")).hasSize(1);
  }

  @Test
  void facesOfAnotherLedgerAreForgotten() {
    Path folder = filled();
    try (Gallery gallery = ScanGallery.in(folder, "another", 2)) {
      assertThat(gallery.position()).isZero();
      assertThat(gallery.count(PEOPLE)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"faces", "vectors", "json"})
  void damagedFileMakesTheGalleryStartAnew(String kind) throws IOException {
    Path folder = filled();
    for (Path file : files(folder)) {
      if (file.toString().endsWith(kind)) {
        Files.write(file, kind.equals("vectors") ? new byte[0] : "damage".getBytes(UTF_8));
      }
    }
    try (Gallery gallery = ScanGallery.in(folder, LEDGER, 2)) {
      assertThat(gallery.position()).isZero();
      assertThat(gallery.count(PEOPLE)).isZero();
      gallery.open(PEOPLE);
      gallery.upsert(PEOPLE, faces(1, 10));
      gallery.advance(10);
    }
    try (Gallery gallery = ScanGallery.in(folder, LEDGER, 2)) {
      assertThat(gallery.position()).isEqualTo(10);
    }
  }

  @Test
  void everyChangedByteOfTheFacesIsSeen() throws IOException {
    Path folder = filled();
    Path faces =
        files(folder).stream().filter(f -> f.toString().endsWith("faces")).findAny().orElseThrow();
    long place = new Random().nextLong(Files.size(faces));
    System.out.println("everyChangedByteOfTheFacesIsSeen: byte " + place);
    try (RandomAccessFile file = new RandomAccessFile(faces.toFile(), "rw")) {
      file.seek(place);
      int there = file.read();
      file.seek(place);
      file.write(there ^ 4);
    }
    try (Gallery gallery = ScanGallery.in(folder, LEDGER, 2)) {
      assertThat(gallery.position()).isZero();
    }
  }

  @Test
  void removedFacesAreZeroInTheFiles() throws IOException {
    Path folder = directory.resolve("gallery");
    UnitVector gone = faces(1, 1).getFirst().vector();
    try (Gallery gallery = ScanGallery.in(folder, LEDGER, 2)) {
      gallery.open(PEOPLE);
      gallery.upsert(PEOPLE, faces(1, 3));
      gallery.delete(PEOPLE, List.of(1L));
      gallery.advance(4);
    }
    for (Path file : files(folder)) {
      if (file.toString().endsWith("vectors")) {
        byte[] bytes = Files.readAllBytes(file);
        var floats =
            java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        assertThat(floats.get(0)).isZero();
        assertThat(floats.get(Block.stride(DIMENSION))).isNotZero().isNotEqualTo(gone.value(0));
      }
    }
  }

  @Test
  void compactionKeepsTheLivingAndOneFile() throws IOException {
    Path folder = filled();
    try (Gallery gallery = ScanGallery.in(folder, LEDGER, 2)) {
      gallery.delete(PEOPLE, faces(1, 4_000).stream().map(Entry::key).toList());
      assertThat(gallery.count(PEOPLE)).isEqualTo(FACES - 4_000);
      Entry last = faces(1, FACES).getLast();
      assertThat(nearest(gallery, last.vector())).containsExactly(new Hit(last.key(), 0));
      gallery.advance(20_000);
    }
    assertThat(files(folder).stream().filter(f -> f.toString().endsWith("vectors"))).hasSize(1);
    try (Gallery gallery = ScanGallery.in(folder, LEDGER, 2)) {
      assertThat(gallery.count(PEOPLE)).isEqualTo(FACES - 4_000);
    }
  }

  /** A file cut where its mapping would make it whole again with zeros, each near to everyone. */
  @Test
  void vectorsCutByAWholePieceMakeTheGalleryStartAnew() throws IOException {
    Path folder = filled();
    for (Path file : files(folder)) {
      if (file.toString().endsWith("vectors")) {
        try (RandomAccessFile vectors = new RandomAccessFile(file.toFile(), "rw")) {
          vectors.setLength(vectors.length() / 2);
        }
      }
    }
    try (Gallery gallery = ScanGallery.in(folder, LEDGER, 2)) {
      assertThat(gallery.position()).isZero();
    }
  }

  @Test
  void collectionWithoutFacesKeepsTheSnapshot() {
    Path folder = directory.resolve("gallery");
    try (Gallery gallery = ScanGallery.in(folder, LEDGER, 2)) {
      gallery.open(PEOPLE);
      gallery.delete(PEOPLE, List.of(10L));
      gallery.advance(11);
    }
    try (Gallery gallery = ScanGallery.in(folder, LEDGER, 2)) {
      assertThat(gallery.position()).isEqualTo(11);
      gallery.upsert(PEOPLE, faces(12, FACES));
      gallery.delete(PEOPLE, faces(12, FACES).stream().map(Entry::key).toList());
      gallery.advance(20_000);
    }
    try (Gallery gallery = ScanGallery.in(folder, LEDGER, 2)) {
      assertThat(gallery.position()).isEqualTo(20_000);
      assertThat(gallery.count(PEOPLE)).isZero();
    }
  }

  @Test
  void whatWasForgottenDoesNotComeBackAfterACrash() throws IOException {
    Path folder = filled();
    Path copy = Files.createDirectory(directory.resolve("copy"));
    try (Gallery gallery = ScanGallery.in(folder, LEDGER, 2)) {
      gallery.forget();
      copy(folder, copy);
    }
    try (Gallery gallery = ScanGallery.in(copy, LEDGER, 2)) {
      assertThat(gallery.position()).isZero();
      assertThat(gallery.count(PEOPLE)).isZero();
    }
  }

  @Test
  void folderBelongsToOneGallery() {
    Path folder = directory.resolve("gallery");
    try (Gallery _ = ScanGallery.in(folder, LEDGER, 2)) {
      assertThatThrownBy(() -> ScanGallery.in(folder, LEDGER, 2))
          .isInstanceOf(GalleryException.class);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path file : files(from)) {
      Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
