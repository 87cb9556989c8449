package dev.facet.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.rpc.Code;
import dev.facet.proto.embedder.v1.EmbedRequest;
import dev.facet.proto.embedder.v1.EmbedResponse;
import dev.facet.proto.embedder.v1.EmbedderModel;
import dev.facet.proto.embedder.v1.EmbedderServiceGrpc;
import dev.facet.proto.embedder.v1.Embedding;
import dev.facet.proto.embedder.v1.GetModelsRequest;
import dev.facet.proto.embedder.v1.GetModelsResponse;
import dev.facet.proto.type.v1.BoxPlacement;
import dev.facet.proto.type.v1.Crop;
import dev.facet.proto.type.v1.CropSpec;
import dev.facet.proto.type.v1.ModelId;
import dev.facet.proto.type.v1.ModelState;
import dev.facet.proto.type.v1.Timings;
import dev.facet.proto.type.v1.Vector;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An embedder that reads the name in a crop. {@code "anna"} is a fixed random direction; {@code
 * "anna:0.5"} lies at squared distance 0.5 from it.
 */
final class FakeEmbedder extends EmbedderServiceGrpc.EmbedderServiceImplBase {
  static final int SIDE = 16;
  static final int DIMENSION = 32;
  static final float THRESHOLD = 1.25f;

  /** The models this embedder has; tests change them as if it had been restarted. */
  final List<EmbedderModel> models = new CopyOnWriteArrayList<>(List.of(model("fake-a", true)));

  /** Whether every request finds the queue full. */
  volatile boolean queueFull;

  /** Whether every request takes two seconds, unless its call ends before. */
  volatile boolean stuck;

  /** When calls ended that were stuck, on the scale of {@link System#nanoTime}. */
  final BlockingQueue<Long> ended = new LinkedBlockingQueue<>();

  static EmbedderModel model(String name, boolean standard) {
    return EmbedderModel.newBuilder()
        .setId(
            ModelId.newBuilder()
                .setName(name)
                .setVersion("1")
                .setWeightsSha256("a".repeat(64))
                .setPreprocessingSha256("b".repeat(64)))
        .setLicence("MIT")
        .setDefault(standard)
        .setCurrent(true)
        .setState(ModelState.MODEL_STATE_SERVING)
        .setCropSpec(
            CropSpec.newBuilder()
                .setWidth(SIDE)
                .setHeight(SIDE)
                .setBox(BoxPlacement.newBuilder().setMargin(0.2f)))
        .setDimension(DIMENSION)
        .setMatchThreshold(THRESHOLD)
        .setProvider("cpu")
        .build();
  }

  @Override
  public void embed(EmbedRequest request, StreamObserver<EmbedResponse> observer) {
    EmbedderModel model =
        models.stream()
            .filter(
                each ->
                    request.getModel().isEmpty()
                        ? each.getDefault()
                        : named(each).equals(request.getModel()))
            .findFirst()
            .orElse(null);
    if (stuck) {
      awaitEnd();
      return;
    }
    if (queueFull) {
      observer.onError(FakeDetector.refused(Code.UNAVAILABLE, "QUEUE_FULL", ""));
      return;
    }
    if (model == null) {
      observer.onError(FakeDetector.refused(Code.NOT_FOUND, "MODEL_NOT_FOUND", ""));
      return;
    }
    EmbedResponse.Builder response =
        EmbedResponse.newBuilder()
            .setModel(model.getId())
            .setTimings(
                Timings.newBuilder()
                    .setEmbedQueueMicros(10)
                    .setEmbedMicros(200)
                    .setEmbedBatchSize(request.getCropsCount()));
    for (Crop crop : request.getCropsList()) {
      response.addEmbeddings(Embedding.newBuilder().setVector(vector(name(crop))));
    }
    observer.onNext(response.build());
    observer.onCompleted();
  }

  @Override
  public void getModels(GetModelsRequest request, StreamObserver<GetModelsResponse> observer) {
    observer.onNext(GetModelsResponse.newBuilder().addAllModels(models).build());
    observer.onCompleted();
  }

  private void awaitEnd() {
    CountDownLatch gone = new CountDownLatch(1);
    Context.current().addListener(cancelled -> gone.countDown(), Runnable::run);
    try {
      if (gone.await(2, TimeUnit.SECONDS)) {
        ended.add(System.nanoTime());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String named(EmbedderModel model) {
    return model.getId().getName() + "@" + model.getId().getVersion();
  }

  private static String name(Crop crop) {
    return crop.getRgb().toString(UTF_8).replace("\0", "");
  }

  /** The vector of a face, by its name. */
  static Vector vector(String face) {
    String[] parts = face.split(":", 2);
    double[] person = direction(parts[0]);
    double squaredDistance = parts.length == 1 ? 0 : Double.parseDouble(parts[1]);
    double cosine = 1 - squaredDistance / 2;
    double sine = Math.sqrt(1 - cosine * cosine);
    double[] aside = direction(parts[0] + " aside");
    double overlap = dot(person, aside);
    for (int i = 0; i < DIMENSION; i++) {
      aside[i] -= overlap * person[i];
    }
    double norm = Math.sqrt(dot(aside, aside));
    Vector.Builder vector = Vector.newBuilder();
    for (int i = 0; i < DIMENSION; i++) {
      vector.addValues((float) (cosine * person[i] + sine * aside[i] / norm));
    }
    return vector.build();
  }

  private static double[] direction(String name) {
    Random random = new Random(name.hashCode());
    double[] values = new double[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      values[i] = random.nextGaussian();
    }
    double norm = Math.sqrt(dot(values, values));
    for (int i = 0; i < DIMENSION; i++) {
      values[i] /= norm;
    }
    return values;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
