package dev.facet.serving;

import dev.facet.inference.batch.Priority;
import dev.facet.inference.serving.LiveModel;
import dev.facet.inference.serving.ModelVersion;
import dev.facet.models.ServedModel;
import dev.facet.proto.type.v1.ModelId;
import dev.facet.proto.type.v1.ModelMemory;
import dev.facet.proto.type.v1.ModelState;
import java.util.function.Function;

/** What the contract says alike of all models, whatever they do. */
public final class ServingMessages {
  private ServingMessages() {}

  /** Anything but bulk is interactive. */
  public static Priority priority(dev.facet.proto.type.v1.Priority priority) {
    return priority == dev.facet.proto.type.v1.Priority.PRIORITY_BULK
        ? Priority.BULK
        : Priority.INTERACTIVE;
  }

  public static ModelId id(dev.facet.models.ModelId id) {
    return ModelId.newBuilder()
        .setName(id.name())
        .setVersion(id.version())
        .setWeightsSha256(id.weightsSha256())
        .setPreprocessingSha256(id.preprocessingSha256())
        .build();
  }

  /** Name and version alone. */
  public static ModelId id(ModelVersion version) {
    return ModelId.newBuilder().setName(version.name()).setVersion(version.version()).build();
  }

  public static ModelState state(LiveModel.State state) {
    return switch (state) {
      case LOADING -> ModelState.MODEL_STATE_LOADING;
      case SERVING -> ModelState.MODEL_STATE_SERVING;
      case DRAINING -> ModelState.MODEL_STATE_DRAINING;
    };
  }

  /**
   * The bytes that are known of a version.
   *
   * @param served what an open model was opened from
   */
  public static <M> ModelMemory memory(LiveModel<M> live, Function<? super M, ServedModel> served) {
    ModelMemory.Builder memory = ModelMemory.newBuilder();
    live.model()
        .map(served)
        .ifPresent(
            files -> {
              files.model().exactBytes().ifPresent(memory::setFileBytes);
              files.graphBytes().ifPresent(memory::setGraphBytes);
            });
    live.memory().before().ifPresent(memory::setProcessBytesBefore);
    live.memory().after().ifPresent(memory::setProcessBytesAfter);
    return memory.build();
  }
}
