package dev.facet.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.facet.bootstrap.Exposure;
import dev.facet.bootstrap.GrpcSettings;
import dev.facet.bootstrap.Refusal;
import dev.facet.bootstrap.Settings;
import dev.facet.inference.batch.Batcher;
import dev.facet.inference.serving.Lease;
import dev.facet.inference.serving.LiveModel;
import dev.facet.inference.serving.LoadOptions;
import dev.facet.inference.serving.ModelLoadException;
import dev.facet.inference.serving.ModelNotLoadedException;
import dev.facet.inference.serving.ModelReference;
import dev.facet.models.Catalogue;
import dev.facet.models.ModelRecord;
import dev.facet.models.ServedModel;
import dev.facet.models.UnknownModelException;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Detectors that are files and nothing more: what is loaded, closed and refused. */
class ModelsInServiceTest {
  private static final LoadOptions OPTIONS = LoadOptions.REPLACE;

  @TempDir private Path folder;

  /** A model is open when its files are there. */
  private static final class Opened implements ServedTask<ServedModel> {
    private final List<String> closed = Collections.synchronizedList(new ArrayList<>());
    private final Optional<RuntimeException> failure;

    private Opened(Optional<RuntimeException> failure) {
      this.failure = failure;
    }

    @Override
    public List<ModelRecord> records(Catalogue catalogue) {
      return catalogue.detectors();
    }

    @Override
    public ServedModel open(ServedModel model) {
      failure.ifPresent(
          thrown -> {
            throw thrown;
          });
      return model;
    }

    @Override
    public ServedModel served(ServedModel model) {
      return model;
    }

    @Override
    public List<Batcher<?, ?>> batchers(ServedModel model) {
      return List.of();
    }

    @Override
    public void close(ServedModel model) {
      closed.add(model.model().name());
      throw new IllegalStateException("cannot be closed");
    }

    @Override
    public Optional<String> explain(RuntimeException thrown) {
      return failure.filter(thrown::equals).map(Throwable::getMessage);
    }
  }

  @Test
  void firstNameIsTheDefaultAndLeavesWithTheService() {
    Opened task = new Opened(Optional.empty());
    try (ModelsInService<ServedModel> models = load(task, weights(), List.of("yunet"))) {
      assertThat(models.all()).extracting(LiveModel::standard).containsExactly(true);
      try (Lease<ServedModel> lease = models.lease("")) {
        assertThat(lease.model().model().name()).isEqualTo("yunet");
      }
    }
    assertThat(task.closed).containsExactly("yunet");
  }

  @Test
  void whatWasLoadedIsClosedWhenTheNextNameIsUnknown() {
    Opened task = new Opened(Optional.empty());
    List<String> names = List.of("yunet", "unknown");
    assertThatThrownBy(() -> load(task, weights(), names))
        .isInstanceOf(UnknownModelException.class);
    assertThat(task.closed).containsExactly("yunet");
  }

  @Test
  void failureIsToldInTheWordsOfTheStoreOrOfTheTask() {
    try (ModelsInService<ServedModel> models = load(new Opened(Optional.empty()), folder)) {
      assertThatThrownBy(() -> models.load(ModelReference.of("yunet"), OPTIONS))
          .isInstanceOf(ModelLoadException.class)
          .hasMessage("yunet: no source has its file");
    }
    Opened task = new Opened(Optional.of(new IllegalStateException("it has no eyes")));
    try (ModelsInService<ServedModel> models = load(task, weights())) {
      assertThatThrownBy(() -> models.load(ModelReference.of("yunet"), OPTIONS))
          .isInstanceOf(ModelLoadException.class)
          .hasMessage("yunet: it has no eyes");
    }
  }

  @Test
  void modelOfAnotherTaskIsNotFound() {
    try (ModelsInService<ServedModel> models = load(new Opened(Optional.empty()), folder)) {
      assertThatThrownBy(() -> models.load(ModelReference.of("edgeface-xs"), OPTIONS))
          .isInstanceOf(ModelNotLoadedException.class);
    }
  }

  @Test
  void doorForLoadsIsOpenAsTheSettingSays() {
    try (ModelsInService<ServedModel> open = hotLoad(Exposure.LOOPBACK);
        ModelsInService<ServedModel> shut = hotLoad(Exposure.NEVER)) {
      open.requireHotLoad();
      assertThatThrownBy(shut::requireHotLoad)
          .isInstanceOfSatisfying(
              Refusal.class,
              refusal -> assertThat(refusal.code()).isEqualTo(Status.Code.PERMISSION_DENIED));
    }
  }

  private ModelsInService<ServedModel> load(Opened task, Path mirror) {
    return load(task, mirror, List.of());
  }

  private ModelsInService<ServedModel> hotLoad(Exposure exposure) {
    return load(new Opened(Optional.empty()), folder, exposure, List.of());
  }

  private ModelsInService<ServedModel> load(Opened task, Path mirror, List<String> names) {
    return load(task, mirror, Exposure.LOOPBACK, names);
  }

  private ModelsInService<ServedModel> load(
      Opened task, Path mirror, Exposure hotLoad, List<String> names) {
    return ModelsInService.load(
        task,
        names,
        new StoreSettings(
            Optional.of(folder.resolve("cache")),
            Optional.of(mirror),
            List.of("mirror"),
            Optional.empty(),
            hotLoad),
        Settings.defaults(RunSettings.class),
        Settings.defaults(GrpcSettings.class),
        new SimpleMeterRegistry());
  }

  /** Real weights; the test is skipped by name where there are none. */
  private static Path weights() {
    Path root = Path.of("..").toAbsolutePath().normalize();
    String shared = System.getenv().getOrDefault("FACET_SHARED", root + "/../shared");
    Path weights = root.resolve(shared).resolve("models");
    assumeTrue(
        Files.isDirectory(weights), "models in service, real: FACET_SHARED holds no models/");
    return weights;
  }
}
