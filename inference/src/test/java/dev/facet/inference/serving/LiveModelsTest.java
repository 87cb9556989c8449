package dev.facet.inference.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.inference.serving.LiveModel.State;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LiveModelsTest {

  private final LiveModels<FakeModel> models = FakeModel.none();
  private final FakeModel first = new FakeModel();
  private final FakeModel second = new FakeModel();

  private LiveModel<FakeModel> load(String version, FakeModel model, LoadOptions options) {
    ModelReference reference = ModelReference.of(version);
    return models.load(
        new ModelVersion(reference.name(), reference.version().orElseThrow()),
        options,
        model::open);
  }

  private FakeModel had(String reference) {
    try (Lease<FakeModel> lease = models.lease(ModelReference.of(reference))) {
      return lease.model();
    }
  }

  private void awaitClosed(String name, String version) throws InterruptedException {
    models.awaitClosed(new ModelVersion(name, version));
  }

  @Test
  void nameMeansTheVersionLoadedLastAndNoNameTheFirstModel() {
    load("a@1", first, LoadOptions.REPLACE);
    load("b@1", second, LoadOptions.REPLACE);
    assertThat(had("")).isSameAs(first);
    assertThat(had("b")).isSameAs(second);
    assertThat(had("b@1")).isSameAs(second);
    assertThatThrownBy(() -> had("b@2"))
        .isInstanceOf(ModelNotLoadedException.class)
        .hasMessage("b@2 is not served here; there are: a@1, b@1");
  }

  @Test
  void replacedVersionIsClosedWhenItsLastLeaseIsReturned() throws Exception {
    load("a@1", first, LoadOptions.REPLACE);
    Lease<FakeModel> lease = models.lease(ModelReference.of("a"));
    Lease<FakeModel> other = models.lease(ModelReference.of("a@1"));
    load("a@2", second, LoadOptions.REPLACE);
    assertThat(had("a")).isSameAs(second);
    assertThatThrownBy(() -> had("a@1")).isInstanceOf(ModelNotLoadedException.class);
    lease.close();
    lease.close(); // must not count as the other's
    assertThat(models.all())
        .filteredOn(model -> model.state() == State.DRAINING)
        .singleElement()
        .satisfies(model -> assertThat(model.leases()).isEqualTo(1));
    assertThat(first.closings()).isZero();
    other.close();
    awaitClosed("a", "1");
    assertThat(first.closings()).isEqualTo(1);
    assertThat(models.all()).hasSize(1);
  }

  @Test
  void keptVersionIsHadByItsVersionAndTakesOverWhenTheCurrentOneGoes() throws Exception {
    load("a@1", first, LoadOptions.REPLACE);
    load("a@2", second, new LoadOptions(true, false));
    assertThat(had("a@1")).isSameAs(first);
    assertThat(had("")).isSameAs(second);
    assertThat(models.unload(ModelReference.of("a"))).isEqualTo(new ModelVersion("a", "2"));
    assertThat(had("a")).isSameAs(first);
    awaitClosed("a", "2");
    assertThat(second.closings()).isEqualTo(1);
  }

  @Test
  void versionThatIsOpenIsNotOpenedAgain() {
    load("a@1", first, LoadOptions.REPLACE);
    load("a@2", second, new LoadOptions(true, false));
    load("a@1", new FakeModel(), new LoadOptions(true, false));
    assertThat(had("a")).isSameAs(first);
    assertThat(had("a@2")).isSameAs(second);
  }

  @Test
  void onlyVersionOfTheDefaultModelStays() throws Exception {
    load("a@1", first, LoadOptions.REPLACE);
    load("b@1", second, LoadOptions.REPLACE);
    assertThatThrownBy(() -> models.unload(ModelReference.of("a@1")))
        .isInstanceOf(ModelInUseException.class)
        .hasMessage("a@1 is the only version of the default model");
    load("b@1", second, new LoadOptions(false, true));
    models.unload(ModelReference.of("a"));
    awaitClosed("a", "1");
    assertThat(had("")).isSameAs(second);
    assertThat(models.all()).singleElement().matches(LiveModel::standard);
  }

  @Test
  void loadThatFailsChangesNothing() {
    load("a@1", first, LoadOptions.REPLACE);
    assertThatThrownBy(
            () ->
                models.load(
                    new ModelVersion("a", "2"),
                    LoadOptions.REPLACE,
                    () -> {
                      throw new IllegalStateException("half a file");
                    }))
        .hasMessage("half a file");
    assertThat(had("a")).isSameAs(first);
    assertThat(models.all()).hasSize(1);
    load("a@2", second, LoadOptions.REPLACE);
    assertThat(had("a")).isSameAs(second);
  }

  @Test
  void secondLoadOfANameIsRefusedWhileTheFirstRunsAndCallsGoOn() throws Exception {
    load("a@1", first, LoadOptions.REPLACE);
    CountDownLatch opening = new CountDownLatch(1);
    CountDownLatch mayOpen = new CountDownLatch(1);
    FutureTask<LiveModel<FakeModel>> loading =
        new FutureTask<>(
            () ->
                models.load(
                    new ModelVersion("a", "2"),
                    LoadOptions.REPLACE,
                    () -> {
                      opening.countDown();
                      awaitUninterrupted(mayOpen);
                      return second.open();
                    }));
    Thread.ofPlatform().start(loading);
    opening.await();
    assertThatThrownBy(() -> load("a@3", new FakeModel(), LoadOptions.REPLACE))
        .isInstanceOf(ModelBusyException.class)
        .hasMessage("a@2 is being loaded");
    assertThat(had("a")).isSameAs(first);
    assertThatThrownBy(() -> had("a@2")).isInstanceOf(ModelNotLoadedException.class);
    assertThat(models.all()).extracting(LiveModel::state).contains(State.LOADING);
    mayOpen.countDown();
    assertThat(loading.get().current()).isTrue();
    assertThat(had("a")).isSameAs(second);
  }

  @Test
  void versionThatDrainsCannotBeLoadedBesideItself() throws Exception {
    load("a@1", first, LoadOptions.REPLACE);
    load("b@1", second, LoadOptions.REPLACE);
    Lease<FakeModel> lease = models.lease(ModelReference.of("b"));
    models.unload(ModelReference.of("b"));
    FakeModel again = new FakeModel();
    assertThatThrownBy(() -> load("b@1", again, LoadOptions.REPLACE))
        .isInstanceOf(ModelBusyException.class);
    lease.close();
    awaitClosed("b", "1");
    load("b@1", again, LoadOptions.REPLACE);
    assertThat(had("b")).isSameAs(again);
  }

  @Test
  void endOfTheServiceWaitsForNoLeaseAndClosesAll() {
    load("a@1", first, LoadOptions.REPLACE);
    load("a@2", second, new LoadOptions(true, false));
    try (Lease<FakeModel> lease = models.lease(ModelReference.of("a"))) {
      models.close();
      assertThat(lease.model().closings()).isEqualTo(1);
    }
    models.close();
    assertThat(first.closings()).isEqualTo(1);
    assertThat(second.closings()).isEqualTo(1);
    assertThatThrownBy(() -> had("a")).isInstanceOf(ModelsClosedException.class);
  }

  @Test
  void memoryIsAskedBeforeAndAfterTheLoad() {
    AtomicLong bytes = new AtomicLong(100);
    LiveModels<FakeModel> measured =
        new LiveModels<>(FakeModel::close, () -> OptionalLong.of(bytes.get()));
    LiveModel<FakeModel> loaded =
        measured.load(
            new ModelVersion("a", "1"),
            LoadOptions.REPLACE,
            () -> {
              bytes.set(130);
              return first.open();
            });
    assertThat(loaded.memory())
        .isEqualTo(new MemoryChange(OptionalLong.of(100), OptionalLong.of(130)));
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
