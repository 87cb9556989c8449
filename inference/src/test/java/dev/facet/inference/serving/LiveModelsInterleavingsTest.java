package dev.facet.inference.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * The races of lease, switch, unload and close, explored by Lincheck's model checker. The one that
 * an atomic count in each slot loses: a call finds the version of a name; the version is replaced,
 * nobody has it, and it is closed; the call counts its lease and uses a closed model.
 */
class LiveModelsInterleavingsTest {

  private static final int INVOCATIONS = 50;
  private static final ModelVersion FIRST = new ModelVersion("m", "1");
  private static final ModelVersion SECOND = new ModelVersion("m", "2");
  private static final ModelReference NAME = ModelReference.of("m");

  @Test
  void leasedModelIsOpenUntilItIsReturnedWhileTheNameIsSwitched() {
    Lincheck.runConcurrentTest(
        INVOCATIONS,
        () -> {
          FakeModel first = new FakeModel();
          FakeModel second = new FakeModel();
          LiveModels<FakeModel> models = FakeModel.none();
          models.load(FIRST, LoadOptions.REPLACE, first::open);
          Thread caller = new Thread(() -> use(models));
          caller.start();
          models.load(SECOND, LoadOptions.REPLACE, second::open);
          join(caller);
          await(models, FIRST);
          assertEquals(1, first.closings(), "closings of the version replaced");
          assertEquals(0, second.closings(), "closings of the version that has the name");
          assertEquals(0, first.misuses() + second.misuses(), "uses of a closed model");
        });
  }

  @Test
  void replacedVersionIsClosedOnceWhenTheServiceEndsMeanwhile() {
    Lincheck.runConcurrentTest(
        INVOCATIONS,
        () -> {
          FakeModel first = new FakeModel();
          FakeModel second = new FakeModel();
          LiveModels<FakeModel> models = FakeModel.none();
          models.load(FIRST, LoadOptions.REPLACE, first::open);
          Thread loader = new Thread(() -> load(models, second));
          loader.start();
          models.close();
          join(loader);
          assertEquals(1, first.closings(), "closings of the first version");
          assertEquals(second.openings(), second.closings(), "closings of the second");
        });
  }

  private static void use(LiveModels<FakeModel> models) {
    try (Lease<FakeModel> lease = models.lease(NAME)) {
      lease.model().use();
    }
  }

  private static void load(LiveModels<FakeModel> models, FakeModel model) {
    try {
      models.load(SECOND, LoadOptions.REPLACE, model::open);
    } catch (ModelsClosedException refused) {
      // came too late: an answer as well
    }
  }

  private static void await(LiveModels<FakeModel> models, ModelVersion version) {
    try {
      models.awaitClosed(version);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
