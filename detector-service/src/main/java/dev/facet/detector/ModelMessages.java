package dev.facet.detector;

import dev.facet.inference.onnx.ExecutionProvider;
import dev.facet.inference.serving.LiveModel;
import dev.facet.inference.serving.ModelVersion;
import dev.facet.inference.serving.ResidentMemory;
import dev.facet.proto.detector.v1.DetectorModel;
import dev.facet.proto.detector.v1.GetModelsResponse;
import dev.facet.proto.type.v1.ModelId;
import dev.facet.proto.type.v1.ModelMemory;
import dev.facet.proto.type.v1.ModelState;
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
    DetectorModel.Builder message = DetectorModel.newBuilder();
    ModelMemory.Builder memory = ModelMemory.newBuilder();
    live.model()
        .ifPresentOrElse(
            detector -> {
              message
                  .setId(DetectorMessages.id(detector.model().id()))
                  .setLicence(detector.model().model().licence().spdx())
                  .setMinScore(detector.minScore())
                  .setProvider(provider.lowerName())
                  .setPrecision(detector.model().precision().lowerName());
              detector.model().model().exactBytes().ifPresent(memory::setFileBytes);
              detector.model().graphBytes().ifPresent(memory::setGraphBytes);
            },
            () -> message.setId(id(live.version())));
    live.memory().before().ifPresent(memory::setProcessBytesBefore);
    live.memory().after().ifPresent(memory::setProcessBytesAfter);
    return message
        .setState(
            switch (live.state()) {
              case LOADING -> ModelState.MODEL_STATE_LOADING;
              case SERVING -> ModelState.MODEL_STATE_SERVING;
              case DRAINING -> ModelState.MODEL_STATE_DRAINING;
            })
        .setCurrent(live.current())
        .setDefault(live.standard())
        .setCalls(live.leases())
        .setMemory(memory)
        .build();
  }

  /** Name and version alone. */
  static ModelId id(ModelVersion version) {
    return ModelId.newBuilder().setName(version.name()).setVersion(version.version()).build();
  }
}
