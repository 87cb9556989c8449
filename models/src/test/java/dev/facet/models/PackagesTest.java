package dev.facet.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files out of packages, which the registries' real clients fetch. */
class PackagesTest {

  private static final Source.Pip PNET =
      new Source.Pip(
          "facenet-pytorch==2.6.0",
          "ecb82b27beb226d106f2219efe8f829b01b87a8595badd01545679bdb9f19cca",
          "facenet_pytorch/data/pnet.pt");
  private static final String PNET_SHA256 =
      "a2a71925e0b9996a42f63e47efc1ca19043e69558b5c523b978d611dfae49c8f";
  private static final long PNET_BYTES = 28_570;

  private static final Source.Npm MANIFEST =
      new Source.Npm(
          "@vladmandic/face-api@1.7.15",
          "0d77fffeef362ef9c0939cf6c567f3a2e8e177f114fa257a3270cbd2e509b031",
          "package/model/face_recognition_model-weights_manifest.json");
  private static final String MANIFEST_SHA256 =
      "cbaffa501b0b9275a12b63357a6843e7e30c054e1c9151e1a5f879b26e32986b";
  private static final long MANIFEST_BYTES = 19_615;

  @TempDir Path cache;

  @Test
  void wheelGivesItsMember() {
    Path file = fetched(PNET_SHA256, PNET_BYTES, PNET);

    assertThat(file).hasSize(PNET_BYTES);
    assertNoPackageIsLeft(file);
  }

  @Test
  void npmPackageGivesItsMember() {
    Path file = fetched(MANIFEST_SHA256, MANIFEST_BYTES, MANIFEST);

    assertThat(file).hasSize(MANIFEST_BYTES);
    assertNoPackageIsLeft(file);
  }

  @Test
  void otherArchiveOfThatNameIsRefusedBeforeItIsOpened() {
    fetched(PNET_SHA256, PNET_BYTES, PNET);
    Source.Pip changed = new Source.Pip(PNET.packageVersion(), PNET_SHA256, PNET.member());

    assertThatThrownBy(() -> store(MANIFEST_SHA256, 5, changed).fetch("tiny", Progress.NONE))
        .isInstanceOf(ChecksumMismatchException.class)
        .hasMessageContaining("facenet-pytorch==2.6.0")
        .hasMessageContaining(PNET.sha256());
  }

  @Test
  void absentPackageAndAbsentMemberSayWhatIsMissing() {
    fetched(PNET_SHA256, PNET_BYTES, PNET);
    Source.Pip noVersion = new Source.Pip("facenet-pytorch==999.0.0", PNET.sha256(), PNET.member());
    Source.Pip noMember = new Source.Pip(PNET.packageVersion(), PNET.sha256(), "no/such/file");

    assertThatThrownBy(
            () -> store(MANIFEST_SHA256, 5, noVersion, noMember).fetch("tiny", Progress.NONE))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("facenet-pytorch==999.0.0: pip: ")
        .hasMessageContaining("the package has no no/such/file");
  }

  @Test
  void forbiddenKindOfSourceIsNotAsked() {
    Fetcher forbidding =
        new Fetcher(
            Optional.empty(),
            EnumSet.of(Source.Kind.MIRROR),
            new Download(Duration.ofSeconds(1), Duration.ofSeconds(1)));
    ModelStore store =
        new ModelStore(TinyModel.catalogue(PNET_SHA256, PNET_BYTES, PNET), cache, forbidding);

    assertThatThrownBy(() -> store.fetch("tiny", Progress.NONE))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("registry: left out by FACET_MODELS_SOURCES");
  }

  /** The member, or the calling test is skipped by name where the registry cannot be reached. */
  private Path fetched(String sha256, long bytes, Source.InPackage source) {
    try {
      return store(sha256, bytes, source).fetch("tiny", Progress.NONE).getFirst();
    } catch (ModelUnavailableException e) {
      return abort("%s cannot be fetched here: %s".formatted(source.packageVersion(), e.tried()));
    }
  }

  private ModelStore store(String sha256, long bytes, Source... sources) {
    return new ModelStore(TinyModel.catalogue(sha256, bytes, sources), cache, Optional.empty());
  }

  private static void assertNoPackageIsLeft(Path file) {
    String[] names = file.resolveSibling("").toFile().list();
    assertThat(Stream.ofNullable(names).flatMap(Stream::of).toList())
        .containsExactlyInAnyOrderElementsOf(List.of("tiny.onnx", "LICENCE.txt", "lock"));
  }
}
