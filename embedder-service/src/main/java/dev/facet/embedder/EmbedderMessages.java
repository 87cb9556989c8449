package dev.facet.embedder;

import dev.facet.bootstrap.ErrorTable;
import dev.facet.inference.batch.BatchResult;
import dev.facet.inference.batch.BatchTiming;
import dev.facet.inference.serving.LiveModel;
import dev.facet.inference.serving.LoadOptions;
import dev.facet.inference.serving.ResidentMemory;
import dev.facet.models.Alignment;
import dev.facet.models.CropGeometry;
import dev.facet.models.ModelId;
import dev.facet.models.ModelRecord;
import dev.facet.models.Pixels;
import dev.facet.models.Task;
import dev.facet.models.graph.PixelScale;
import dev.facet.models.graph.Standardisation;
import dev.facet.proto.embedder.v1.EmbedResponse;
import dev.facet.proto.embedder.v1.EmbedderModel;
import dev.facet.proto.embedder.v1.Embedding;
import dev.facet.proto.embedder.v1.GetModelsResponse;
import dev.facet.proto.embedder.v1.LoadModelRequest;
import dev.facet.proto.embedder.v1.Preprocessing;
import dev.facet.proto.type.v1.BoxPlacement;
import dev.facet.proto.type.v1.CropSpec;
import dev.facet.proto.type.v1.Landmarks;
import dev.facet.proto.type.v1.Point;
import dev.facet.proto.type.v1.SquareSide;
import dev.facet.proto.type.v1.Timings;
import dev.facet.proto.type.v1.Vector;
import dev.facet.serving.ServingMessages;
import java.util.List;
import java.util.function.ToLongFunction;

/** The embedder's values as messages of the contract. */
final class EmbedderMessages {
  private EmbedderMessages() {}

  static EmbedResponse response(
      ModelId model, List<BatchResult<float[]>> results, long totalNanos, ErrorTable errors) {
    EmbedResponse.Builder response = EmbedResponse.newBuilder().setModel(ServingMessages.id(model));
    for (BatchResult<float[]> result : results) {
      response.addEmbeddings(
          switch (result) {
            case BatchResult.Done<float[]> done ->
                Embedding.newBuilder().setVector(vector(done.output()));
            case BatchResult.Failed<float[]> failed ->
                Embedding.newBuilder().setError(errors.status(failed.failure()));
          });
    }
    return response.setTimings(timings(results, totalNanos)).build();
  }

  static LoadOptions options(LoadModelRequest request) {
    return new LoadOptions(request.getKeepPrevious(), request.getMakeDefault());
  }

  static GetModelsResponse models(List<LiveModel<Embedder>> models) {
    GetModelsResponse.Builder response = GetModelsResponse.newBuilder();
    models.forEach(model -> response.addModels(model(model)));
    ResidentMemory.bytes().ifPresent(response::setProcessBytes);
    return response.build();
  }

  static EmbedderModel model(LiveModel<Embedder> live) {
    EmbedderModel.Builder message =
        live.model()
            .map(EmbedderMessages::described)
            .orElseGet(() -> EmbedderModel.newBuilder().setId(ServingMessages.id(live.version())));
    return message
        .setState(ServingMessages.state(live.state()))
        .setCurrent(live.current())
        .setDefault(live.standard())
        .setCalls(live.leases())
        .setMemory(ServingMessages.memory(live, Embedder::served))
        .build();
  }

  private static EmbedderModel.Builder described(Embedder embedder) {
    ModelRecord record = embedder.served().model();
    Task.Embedding task = embedder.task();
    return EmbedderModel.newBuilder()
        .setId(ServingMessages.id(embedder.id()))
        .setLicence(record.licence().spdx())
        .setCropSpec(cropSpec(task.crop()))
        .setDimension(task.dimension())
        .setMatchThreshold((float) task.matchThreshold())
        .setPreprocessing(preprocessing(record.pixels()))
        .setProvider(embedder.provider().lowerName())
        .setPrecision(embedder.served().precision().lowerName());
  }

  static Preprocessing preprocessing(Pixels pixels) {
    Preprocessing.Builder message =
        Preprocessing.newBuilder().setColourOrder(pixels.order().name());
    switch (pixels.normalisation()) {
      case PixelScale scale -> {
        scale.mean().forEach(value -> message.addMean(value.floatValue()));
        scale.deviation().forEach(value -> message.addScale(value.floatValue()));
      }
      case Standardisation.PER_IMAGE -> message.setStandardisePerImage(true);
    }
    return message.build();
  }

  static CropSpec cropSpec(CropGeometry crop) {
    CropSpec.Builder spec = CropSpec.newBuilder().setWidth(crop.width()).setHeight(crop.height());
    return switch (crop.alignment()) {
      case Alignment.Template template -> spec.setTemplate(landmarks(template)).build();
      case Alignment.BoxMargin margin -> spec.setBox(placement(margin)).build();
    };
  }

  private static BoxPlacement.Builder placement(Alignment.BoxMargin margin) {
    return BoxPlacement.newBuilder()
        .setMargin((float) margin.total())
        .setSquare(margin.shape() != Alignment.Shape.AS_FOUND)
        .setSquareSide(
            switch (margin.shape()) {
              case AS_FOUND -> SquareSide.SQUARE_SIDE_UNSPECIFIED;
              case SQUARE_OF_LONGER_SIDE -> SquareSide.SQUARE_SIDE_LONGER;
              case SQUARE_OF_MEAN_SIDE -> SquareSide.SQUARE_SIDE_MEAN;
              case SQUARE_OF_SHORTER_SIDE -> SquareSide.SQUARE_SIDE_SHORTER;
            })
        .setShiftDown((float) margin.shiftDown())
        .setCutOff(margin.outside() == Alignment.Outside.CUT_OFF);
  }

  private static Landmarks landmarks(Alignment.Template template) {
    return Landmarks.newBuilder()
        .setLeftEye(point(template.leftEye()))
        .setRightEye(point(template.rightEye()))
        .setNose(point(template.nose()))
        .setLeftMouthCorner(point(template.leftMouthCorner()))
        .setRightMouthCorner(point(template.rightMouthCorner()))
        .build();
  }

  private static Point point(Alignment.Point point) {
    return Point.newBuilder().setX((float) point.x()).setY((float) point.y()).build();
  }

  private static Vector vector(float[] values) {
    Vector.Builder vector = Vector.newBuilder();
    for (float value : values) {
      vector.addValues(value);
    }
    return vector.build();
  }

  private static Timings timings(List<BatchResult<float[]>> results, long totalNanos) {
    return Timings.newBuilder()
        .setEmbedQueueMicros(largest(results, BatchTiming::queueNanos) / 1000)
        .setEmbedMicros(largest(results, BatchTiming::runNanos) / 1000)
        .setEmbedBatchSize((int) largest(results, BatchTiming::batchSize))
        .setTotalMicros(totalNanos / 1000)
        .build();
  }

  private static long largest(
      List<BatchResult<float[]>> results, ToLongFunction<BatchTiming> figure) {
    return results.stream().map(BatchResult::timing).mapToLong(figure).max().orElse(0);
  }
}
