package dev.facet.bench.load;

import com.google.protobuf.ByteString;
import dev.facet.bench.BenchFailure;
import dev.facet.proto.detector.v1.DetectRequest;
import dev.facet.proto.detector.v1.DetectorServiceGrpc;
import dev.facet.proto.embedder.v1.EmbedRequest;
import dev.facet.proto.embedder.v1.EmbedResponse;
import dev.facet.proto.embedder.v1.EmbedStreamRequest;
import dev.facet.proto.embedder.v1.EmbedStreamResponse;
import dev.facet.proto.embedder.v1.EmbedderModel;
import dev.facet.proto.embedder.v1.EmbedderServiceGrpc;
import dev.facet.proto.embedder.v1.Embedding;
import dev.facet.proto.embedder.v1.GetModelsRequest;
import dev.facet.proto.type.v1.Crop;
import dev.facet.proto.type.v1.CropSpec;
import dev.facet.proto.type.v1.Priority;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Calls straight to an embedder, without the gateway: crops to vectors. */
final class EmbedderCalls {

  /** Different crops; a model takes the same time for each. */
  private static final int DRAWN = 64;

  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final Connections embedder;
  private final List<EmbedRequest> requests;
  private final Duration timeout;

  /**
   * Calls that are still to be chosen.
   *
   * @param crops of the model's size
   * @param each crops in a request
   * @param model embeds them; the service's default when empty
   * @param timeout deadline of a call
   */
  EmbedderCalls(
      Connections embedder,
      List<Crop> crops,
      int each,
      String model,
      Priority priority,
      Duration timeout) {
    this.embedder = embedder;
    this.timeout = timeout;
    this.requests = new ArrayList<>();
    for (int first = 0; first < crops.size(); first++) {
      EmbedRequest.Builder request =
          EmbedRequest.newBuilder().setModel(model).setPriority(priority);
      for (int i = 0; i < each; i++) {
        request.addCrops(crops.get((first + i) % crops.size()));
      }
      requests.add(request.build());
    }
  }

  /** How crops for a model must look. */
  static CropSpec cropSpec(Connections embedder, String model) {
    try {
      return EmbedderServiceGrpc.newBlockingStub(embedder.channel(0))
          .withDeadlineAfter(DEADLINE.toNanos(), TimeUnit.NANOSECONDS)
          .getModels(GetModelsRequest.getDefaultInstance())
          .getModelsList()
          .stream()
          .filter(served -> serves(served, model))
          .findFirst()
          .orElseThrow(
              () ->
                  new BenchFailure(
                      BenchFailure.REFUSED, "the embedder does not serve the model " + model))
          .getCropSpec();
    } catch (StatusRuntimeException e) {
      throw embedder.refused("its models", e);
    }
  }

  /** Noise of the right size. */
  static List<Crop> drawn(CropSpec spec, long seed) {
    Random random = new Random(seed);
    List<Crop> crops = new ArrayList<>();
    for (int i = 0; i < DRAWN; i++) {
      byte[] pixels = new byte[spec.getWidth() * spec.getHeight() * 3];
      random.nextBytes(pixels);
      crops.add(
          Crop.newBuilder()
              .setWidth(spec.getWidth())
              .setHeight(spec.getHeight())
              .setRgb(ByteString.copyFrom(pixels))
              .build());
    }
    return crops;
  }

  /** The faces of photos, as a detector cuts them. */
  static List<Crop> cut(Connections detector, PhotoMix photos, CropSpec spec) {
    List<Crop> crops = new ArrayList<>();
    for (var photo : photos.photos()) {
      try {
        DetectorServiceGrpc.newBlockingStub(detector.channel(0))
            .withDeadlineAfter(DEADLINE.toNanos(), TimeUnit.NANOSECONDS)
            .detect(DetectRequest.newBuilder().setImage(photo).addCropSpecs(spec).build())
            .getFacesList()
            .forEach(face -> crops.add(face.getCrops(0)));
      } catch (StatusRuntimeException e) {
        throw detector.refused("crops of a photo", e);
      }
    }
    if (crops.isEmpty()) {
      throw new BenchFailure(BenchFailure.REFUSED, "no faces in these photos");
    }
    return crops;
  }

  Operation embed() {
    return new UnaryOperation<>(
        embedder,
        EmbedderServiceGrpc.getEmbedMethod(),
        this::request,
        EmbedderCalls::outcome,
        timeout);
  }

  Operation embedStream() {
    return new StreamOperation<>(
        embedder,
        EmbedderServiceGrpc.getEmbedStreamMethod(),
        (number, id) ->
            EmbedStreamRequest.newBuilder().setId(id).setRequest(request(number)).build(),
        EmbedStreamResponse::getId,
        answer ->
            answer.hasError()
                ? Outcome.failed(Failure.of(answer.getError()))
                : outcome(answer.getResponse()),
        timeout);
  }

  private EmbedRequest request(long number) {
    return requests.get((int) (number % requests.size()));
  }

  /** A crop that failed fails its call. */
  private static Outcome outcome(EmbedResponse answer) {
    return answer.getEmbeddingsList().stream()
        .filter(Embedding::hasError)
        .findFirst()
        .map(embedding -> Outcome.failed(Failure.of(embedding.getError())))
        .orElse(Outcome.answered(answer.getEmbeddingsCount()));
  }

  private static boolean serves(EmbedderModel served, String model) {
    return model.isEmpty()
        ? served.getDefault()
        : model.equals(served.getId().getName())
            || model.equals(served.getId().getName() + "@" + served.getId().getVersion());
  }
}
