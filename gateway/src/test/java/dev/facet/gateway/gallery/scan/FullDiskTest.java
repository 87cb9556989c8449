package dev.facet.gateway.gallery.scan;

import static dev.facet.gateway.ledger.Samples.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.GalleryException;
import dev.facet.gateway.gallery.Hit;
import dev.facet.gateway.gallery.Query;
import dev.facet.gateway.ledger.CollectionKey;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Samples;
import dev.facet.gateway.testing.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** V17: the gallery's folder on a disk that is full, and has room again. */
class FullDiskTest {
  private static final int DIMENSION = 512;
  private static final FaceCollection PEOPLE =
      new FaceCollection(
          7,
          new CollectionKey("default", "people"),
          MODEL,
          DIMENSION,
          Samples.DETAILS,
          Instant.EPOCH,
          Instant.EPOCH);

  private SmallDisk disk;

  @BeforeEach
  void mount() {
    disk = SmallDisk.mount(24);
  }

  @AfterEach
  void unmount() {
    if (disk != null) {
      disk.close();
    }
  }

  private Gallery open() {
    Gallery gallery = ScanGallery.in(disk.folder().resolve("gallery"), "of these faces", 2);
    gallery.open(PEOPLE);
    return gallery;
  }

  private static List<Entry> faces(int first, int count) {
    List<Entry> faces = new ArrayList<>();
    for (int key = first; key < first + count; key++) {
      faces.add(new Entry(key, Samples.vector(new Random(key), DIMENSION)));
    }
    return faces;
  }

  private static void requireFound(Gallery gallery, List<Entry> faces) {
    for (Entry face : faces) {
      assertThat(
              gallery.search(PEOPLE, new Query(face.vector(), MODEL, 1, 1e-3f, Optional.empty())))
          .containsExactly(new Hit(face.key(), 0));
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(disk.folder().resolve("gallery"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void facesThatFindNoRoomAreRefusedAndTakenLater() {
    List<Entry> first = faces(1, 700);
    List<Entry> more = faces(1_001, 3_000);
    try (Gallery gallery = open()) {
      gallery.upsert(PEOPLE, first);
      disk.fill();
      for (int attempt = 0; attempt < 3; attempt++) {
        assertThatThrownBy(() -> gallery.upsert(PEOPLE, more))
            .isInstanceOf(GalleryException.class)
            .hasMessageContaining("larger");
        requireFound(gallery, first);
      }
      gallery.delete(PEOPLE, List.of(1L)); // takes no room
      requireFound(gallery, first.subList(1, 700));

      disk.empty();
      gallery.upsert(PEOPLE, more);
      requireFound(gallery, more);
      assertThat(gallery.count(PEOPLE)).isEqualTo(3_699);
      gallery.advance(4_000);
    }
    try (Gallery gallery = open()) {
      assertThat(gallery.position()).isEqualTo(4_000);
      requireFound(gallery, more);
    }
  }

  /** A file is as large as its mapping, but only what was written has room. */
  @Test
  void facesBehindThoseOfASnapshotFindNoRoomEither() {
    List<Entry> first = faces(1, 10);
    try (Gallery gallery = open()) {
      gallery.upsert(PEOPLE, first);
      gallery.advance(10);
    }
    disk.fill();
    try (Gallery gallery = open()) {
      assertThat(gallery.position()).isEqualTo(10);
      requireFound(gallery, first);
      List<Entry> more = faces(1_001, 500);
      assertThatThrownBy(() -> gallery.upsert(PEOPLE, more)).isInstanceOf(GalleryException.class);
      requireFound(gallery, first);
      disk.empty();
      gallery.upsert(PEOPLE, more);
      requireFound(gallery, more);
    }
  }

  @Test
  void snapshotThatFindsNoRoomLeavesTheEarlierOneAndNothingOfItself() throws IOException {
    List<Entry> first = faces(1, 2_000);
    try (Gallery gallery = open()) {
      gallery.upsert(PEOPLE, first);
      gallery.advance(2_000);
    }
    List<String> before = files();
    try (Gallery gallery = open()) {
      gallery.delete(PEOPLE, List.of(1L));
      gallery.advance(2_001);
      disk.fill();
    }
    assertThat(files()).containsExactlyInAnyOrderElementsOf(before);
    try (Gallery gallery = open()) {
      assertThat(gallery.position()).isEqualTo(2_000);
      requireFound(gallery, first.subList(1, 2_000));
      disk.empty();
      gallery.delete(PEOPLE, List.of(1L));
      gallery.advance(2_001);
    }
    try (Gallery gallery = open()) {
      assertThat(gallery.position()).isEqualTo(2_001);
    }
  }

  @Test
  void shelfThatFindsNoRoomToBeCopiedLosesNobody() throws IOException {
    List<Entry> faces = faces(1, 5_000);
    List<Entry> living = faces.subList(3_000, 5_000);
    try (Gallery gallery = open()) {
      gallery.upsert(PEOPLE, faces);
      disk.fill();
      gallery.delete(PEOPLE, faces.subList(0, 3_000).stream().map(Entry::key).toList());
      assertThat(gallery.count(PEOPLE)).isEqualTo(2_000);
      requireFound(gallery, living);
      assertThat(files().stream().filter(name -> name.endsWith("vectors"))).hasSize(1);

      disk.empty();
      gallery.delete(PEOPLE, faces.subList(3_000, 4_100).stream().map(Entry::key).toList());
      assertThat(gallery.count(PEOPLE)).isEqualTo(900);
      requireFound(gallery, faces.subList(4_100, 5_000));
      gallery.advance(10_000);
    }
    try (Gallery gallery = open()) {
      assertThat(gallery.position()).isEqualTo(10_000);
      requireFound(gallery, faces.subList(4_100, 5_000));
    }
  }

  @Test
  void whatIsForgottenOnAFullDiskDoesNotComeBack() {
    try (Gallery gallery = open()) {
      gallery.upsert(PEOPLE, faces(1, 10));
      gallery.advance(10);
    }
    try (Gallery gallery = open()) {
      disk.fill();
      gallery.forget();
      assertThat(gallery.position()).isZero();
    }
    try (Gallery gallery = open()) {
      assertThat(gallery.position()).isZero();
      assertThat(gallery.count(PEOPLE)).isZero();
    }
  }
}
