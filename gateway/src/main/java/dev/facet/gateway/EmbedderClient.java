package dev.facet.gateway;

import com.google.protobuf.ByteString;
import dev.facet.gateway.ledger.LedgerRefusal;
import dev.facet.gateway.ledger.ModelId;
import dev.facet.gateway.ledger.UnitVector;
import dev.facet.proto.embedder.v1.EmbedRequest;
import dev.facet.proto.embedder.v1.EmbedResponse;
import dev.facet.proto.embedder.v1.EmbedderServiceGrpc;
import dev.facet.proto.embedder.v1.EmbedderServiceGrpc.EmbedderServiceBlockingStub;
import dev.facet.proto.embedder.v1.Embedding;
import dev.facet.proto.embedder.v1.GetModelsRequest;
import dev.facet.proto.embedder.v1.GetModelsResponse;
import dev.facet.proto.type.v1.Timings;
import dev.facet.proto.type.v1.Vector;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the embedder. Blocks; the caller's deadline and cancellation go along by themselves.
 *
 * <p>Errors: what the embedder says about a request, else {@code EMBEDDER_DOWN}.
 */
final class EmbedderClient {
  /** The most crops that the embedder takes in one request. */
  private static final int MAX_CROPS = 256;

  private static final Duration MODELS_DEADLINE = Duration.ofSeconds(5);

  private final EmbedderServiceBlockingStub stub;

  EmbedderClient(Channel channel) {
    stub = EmbedderServiceGrpc.newBlockingStub(channel);
  }

  /** The models that the embedder has loaded. */
  GetModelsResponse models() {
    return stub.withDeadlineAfter(MODELS_DEADLINE).getModels(GetModelsRequest.getDefaultInstance());
  }

  /**
   * The unit vectors of crops, in their order.
   *
   * @throws ModelGoneException if the embedder does not have exactly this model by now
   */
  List<UnitVector> embed(List<Crop> crops, EmbeddingModel model, Call call) {
    List<UnitVector> vectors = new ArrayList<>();
    for (int from = 0; from < crops.size(); from += MAX_CROPS) {
      List<Crop> part = crops.subList(from, Math.min(crops.size(), from + MAX_CROPS));
      EmbedResponse response = embed(part, model.id(), call.priority());
      if (!ModelMessages.id(response.getModel()).equals(model.id())) {
        throw new ModelGoneException(model.id());
      }
      response.getEmbeddingsList().forEach(embedding -> vectors.add(vector(embedding)));
      addTimes(response.getTimings(), call);
    }
    return vectors;
  }

  private EmbedResponse embed(List<Crop> crops, ModelId model, Priority priority) {
    EmbedRequest.Builder request =
        EmbedRequest.newBuilder()
            .setModel(model.name() + "@" + model.version())
            .setPriority(ModelMessages.priority(priority));
    for (Crop crop : crops) {
      request
          .addCropsBuilder()
          .setWidth(crop.width())
          .setHeight(crop.height())
          .setRgb(ByteString.copyFrom(crop.rgb()));
    }
    try {
      return stub.embed(request.build());
    } catch (StatusRuntimeException answer) {
      // A model is the only thing that the embedder may not find.
      throw answer.getStatus().getCode() == Status.Code.NOT_FOUND
          ? new ModelGoneException(model)
          : answer;
    }
  }

  private static UnitVector vector(Embedding embedding) {
    return switch (embedding.getOutcomeCase()) {
      case VECTOR -> unit(embedding.getVector());
      case ERROR -> throw StatusProto.toStatusRuntimeException(embedding.getError());
      case OUTCOME_NOT_SET ->
          throw new IllegalStateException("The embedder answered a crop with nothing");
    };
  }

  /** What breaks the embedder's own promise is its fault and not the caller's. */
  private static UnitVector unit(Vector vector) {
    try {
      return UnitVector.of(FaceMessages.values(vector));
    } catch (LedgerRefusal refusal) {
      throw new IllegalStateException("The embedder's answer is no unit vector", refusal);
    }
  }

  private static void addTimes(Timings timings, Call call) {
    call.atLeast(Stage.EMBED_QUEUE, timings.getEmbedQueueMicros());
    call.atLeast(Stage.EMBED, timings.getEmbedMicros());
    call.atLeast(Stage.EMBED_BATCH_SIZE, timings.getEmbedBatchSize());
  }
}
