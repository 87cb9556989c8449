package dev.facet.embedder;

import dev.facet.bootstrap.BidiStream;
import dev.facet.bootstrap.CurrentCall;
import dev.facet.bootstrap.ErrorTable;
import dev.facet.bootstrap.Refusal;
import dev.facet.bootstrap.RequestChecks;
import dev.facet.bootstrap.Unary;
import dev.facet.inference.batch.BatchResult;
import dev.facet.inference.batch.Submission;
import dev.facet.inference.serving.Lease;
import dev.facet.inference.serving.LiveModel;
import dev.facet.inference.serving.LoadOptions;
import dev.facet.inference.serving.ModelReference;
import dev.facet.inference.serving.ModelVersion;
import dev.facet.proto.embedder.v1.EmbedRequest;
import dev.facet.proto.embedder.v1.EmbedResponse;
import dev.facet.proto.embedder.v1.EmbedStreamRequest;
import dev.facet.proto.embedder.v1.EmbedStreamResponse;
import dev.facet.proto.embedder.v1.EmbedderServiceGrpc;
import dev.facet.proto.embedder.v1.GetModelsRequest;
import dev.facet.proto.embedder.v1.GetModelsResponse;
import dev.facet.proto.embedder.v1.LoadModelRequest;
import dev.facet.proto.embedder.v1.LoadModelResponse;
import dev.facet.proto.embedder.v1.UnloadModelRequest;
import dev.facet.proto.embedder.v1.UnloadModelResponse;
import dev.facet.proto.type.v1.Crop;
import dev.facet.serving.ModelsInService;
import dev.facet.serving.ServingMessages;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/** The gRPC edge of the embedder: checks requests, and turns crops and vectors into messages. */
final class EmbedderService extends EmbedderServiceGrpc.EmbedderServiceImplBase {
  private static final int MAX_CROPS = 256;
  private static final int MAX_ID = 64;
  private static final int STREAM_REQUESTS_IN_FLIGHT = 32;

  private final ModelsInService<Embedder> embedders;
  private final ErrorTable errors;

  EmbedderService(ModelsInService<Embedder> embedders, ErrorTable errors) {
    this.embedders = embedders;
    this.errors = errors;
  }

  @Override
  public void embed(EmbedRequest request, StreamObserver<EmbedResponse> observer) {
    Unary.answer(observer, () -> embed(request));
  }

  @Override
  public StreamObserver<EmbedStreamRequest> embedStream(
      StreamObserver<EmbedStreamResponse> observer) {
    return BidiStream.answerEach(observer, STREAM_REQUESTS_IN_FLIGHT, this::embedOne);
  }

  private EmbedStreamResponse embedOne(EmbedStreamRequest one) {
    EmbedStreamResponse.Builder answer = EmbedStreamResponse.newBuilder().setId(one.getId());
    try {
      int length = one.getId().length();
      new RequestChecks()
          .expect(length >= 1 && length <= MAX_ID, "id", "must have 1 to 64 characters")
          .done();
      return answer.setResponse(embed(one.getRequest())).build();
    } catch (RuntimeException e) {
      return answer.setError(errors.status(e)).build();
    }
  }

  @Override
  public void getModels(GetModelsRequest request, StreamObserver<GetModelsResponse> observer) {
    Unary.answer(observer, () -> EmbedderMessages.models(embedders.all()));
  }

  @Override
  public void loadModel(LoadModelRequest request, StreamObserver<LoadModelResponse> observer) {
    Unary.answer(observer, () -> load(request));
  }

  @Override
  public void unloadModel(
      UnloadModelRequest request, StreamObserver<UnloadModelResponse> observer) {
    Unary.answer(observer, () -> unload(request));
  }

  private EmbedResponse embed(EmbedRequest request) {
    long start = System.nanoTime();
    new RequestChecks().optionalModel("model", request.getModel()).done();
    try (Lease<Embedder> lease = embedders.lease(request.getModel())) {
      Embedder embedder = lease.model();
      List<byte[]> crops = checked(request.getCropsList(), embedder);
      Submission<float[]> submission =
          embedder.submit(crops, ServingMessages.priority(request.getPriority()));
      List<BatchResult<float[]>> results = CurrentCall.await(submission::await, submission::cancel);
      return EmbedderMessages.response(embedder.id(), results, System.nanoTime() - start, errors);
    }
  }

  private LoadModelResponse load(LoadModelRequest request) {
    long start = System.nanoTime();
    embedders.requireHotLoad();
    new RequestChecks().model("name", request.getName()).done();
    ModelReference wanted = ModelReference.of(request.getName());
    LoadOptions options = EmbedderMessages.options(request);
    LiveModel<Embedder> loaded =
        CurrentCall.awaitOnPlatformThread("load-" + wanted, () -> embedders.load(wanted, options));
    return LoadModelResponse.newBuilder()
        .setModel(EmbedderMessages.model(loaded))
        .setLoadMicros((System.nanoTime() - start) / 1000)
        .build();
  }

  private UnloadModelResponse unload(UnloadModelRequest request) {
    embedders.requireHotLoad();
    new RequestChecks().model("name", request.getName()).done();
    ModelReference unwanted = ModelReference.of(request.getName());
    ModelVersion closed = CurrentCall.awaitInterruptibly(() -> embedders.unload(unwanted));
    return UnloadModelResponse.newBuilder().setModel(ServingMessages.id(closed)).build();
  }

  /** Every crop has the model's size: a crop that does not fit must not reach a batch. */
  private static List<byte[]> checked(List<Crop> crops, Embedder embedder) {
    if (crops.isEmpty() || crops.size() > MAX_CROPS) {
      throw Refusal.invalid(
          "crops", "INVALID_FIELD", "1 to %d crops, not %d".formatted(MAX_CROPS, crops.size()));
    }
    List<byte[]> pixels = new ArrayList<>(crops.size());
    Refusal refusal = null;
    for (int i = 0; i < crops.size(); i++) {
      Crop crop = crops.get(i);
      if (crop.getWidth() == embedder.cropWidth()
          && crop.getHeight() == embedder.cropHeight()
          && crop.getRgb().size() == embedder.cropBytes()) {
        pixels.add(crop.getRgb().toByteArray());
        continue;
      }
      String text =
          "%s takes crops of %dx%d pixels in %d bytes; this one has %dx%d in %d"
              .formatted(
                  embedder.name(),
                  embedder.cropWidth(),
                  embedder.cropHeight(),
                  embedder.cropBytes(),
                  Integer.toUnsignedLong(crop.getWidth()),
                  Integer.toUnsignedLong(crop.getHeight()),
                  crop.getRgb().size());
      String field = "crops[%d]".formatted(i);
      refusal =
          refusal == null
              ? Refusal.invalid(field, "CROP_SIZE", text)
              : refusal.violating(field, text);
    }
    if (refusal != null) {
      throw refusal;
    }
    return pixels;
  }
}
