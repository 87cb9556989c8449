package dev.facet.detector;

import dev.facet.inference.onnx.ExecutionProvider;
import dev.facet.inference.serving.LiveModel;
import dev.facet.inference.serving.ResidentMemory;
import dev.facet.models.ServedModel;
import dev.facet.proto.detector.v1.DetectorModel;
import dev.facet.proto.detector.v1.GetModelsResponse;
import dev.facet.serving.ServingMessages;
import java.util.List;

/** The detectors in service as messages of the contract. */
final class ModelMessages {
  private ModelMessages() {}

  static GetModelsResponse models(
      List<LiveModel<FaceDetector>> models, ExecutionProvider provider) {
    GetModelsResponse.Builder response = GetModelsResponse.newBuilder();
    models.forEach(model -> response.addModels(model(model, provider)));
    ResidentMemory.bytes().ifPresent(response::setProcessBytes);
    return response.build();
  }

  static DetectorModel model(LiveModel<FaceDetector> live, ExecutionProvider provider) {
    DetectorModel.Builder message =
        live.model()
            .map(detector -> described(detector, provider))
            .orElseGet(() -> DetectorModel.newBuilder().setId(ServingMessages.id(live.version())));
    return message
        .setState(ServingMessages.state(live.state()))
        .setCurrent(live.current())
        .setDefault(live.standard())
        .setCalls(live.leases())
        .setMemory(ServingMessages.memory(live, FaceDetector::model))
        .build();
  }

  private static DetectorModel.Builder described(
      FaceDetector detector, ExecutionProvider provider) {
    ServedModel served = detector.model();
    return DetectorModel.newBuilder()
        .setId(ServingMessages.id(served.id()))
        .setLicence(served.model().licence().spdx())
        .setMinScore(detector.minScore())
        .setProvider(provider.lowerName())
        .setPrecision(served.precision().lowerName());
  }
}
