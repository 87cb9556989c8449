package dev.facet.gateway;

import dev.facet.gateway.ledger.ModelId;
import dev.facet.proto.detector.v1.DetectorModel;
import dev.facet.proto.embedder.v1.EmbedderModel;
import dev.facet.proto.embedder.v1.GetModelsResponse;
import dev.facet.proto.type.v1.BoxPlacement;
import dev.facet.proto.type.v1.ModelState;
import dev.facet.proto.type.v1.SquareSide;
import dev.facet.proto.v1.ModelStatus;
import dev.facet.proto.v1.ModelTask;
import java.util.List;

/** Models and what they ask of a crop, to and from the contract's messages. */
final class ModelMessages {
  private ModelMessages() {}

  static ModelId id(dev.facet.proto.type.v1.ModelId id) {
    return new ModelId(
        id.getName(), id.getVersion(), id.getWeightsSha256(), id.getPreprocessingSha256());
  }

  static dev.facet.proto.type.v1.ModelId id(ModelId id) {
    return dev.facet.proto.type.v1.ModelId.newBuilder()
        .setName(id.name())
        .setVersion(id.version())
        .setWeightsSha256(id.weightsSha256())
        .setPreprocessingSha256(id.preprocessingSha256())
        .build();
  }

  static List<EmbeddingModel> embeddingModels(GetModelsResponse response) {
    return response.getModelsList().stream()
        .filter(model -> serves(model.getState()))
        .map(ModelMessages::embeddingModel)
        .toList();
  }

  private static EmbeddingModel embeddingModel(EmbedderModel model) {
    return new EmbeddingModel(
        id(model.getId()),
        model.getCurrent(),
        model.getDefault(),
        cropSpec(model.getCropSpec()),
        model.getDimension(),
        model.getMatchThreshold());
  }

  private static boolean serves(ModelState state) {
    return state == ModelState.MODEL_STATE_SERVING;
  }

  private static CropSpec cropSpec(dev.facet.proto.type.v1.CropSpec spec) {
    CropSpec.Placement placement =
        switch (spec.getPlacementCase()) {
          case TEMPLATE -> new CropSpec.Template(FaceMessages.landmarks(spec.getTemplate()));
          case BOX -> enlarged(spec.getBox());
          case PLACEMENT_NOT_SET ->
              throw new IllegalStateException("The embedder does not say how it wants its crops");
        };
    return new CropSpec(spec.getWidth(), spec.getHeight(), placement);
  }

  static dev.facet.proto.type.v1.CropSpec cropSpec(CropSpec spec) {
    dev.facet.proto.type.v1.CropSpec.Builder message =
        dev.facet.proto.type.v1.CropSpec.newBuilder()
            .setWidth(spec.width())
            .setHeight(spec.height());
    switch (spec.placement()) {
      case CropSpec.Template(var landmarks) ->
          message.setTemplate(FaceMessages.landmarks(landmarks));
      case CropSpec.Enlarged enlarged -> message.setBox(box(enlarged));
    }
    return message.build();
  }

  private static CropSpec.Enlarged enlarged(BoxPlacement box) {
    CropSpec.Shape square =
        switch (box.getSquareSide()) {
          case SQUARE_SIDE_UNSPECIFIED, SQUARE_SIDE_LONGER -> CropSpec.Shape.SQUARE_OF_LONGER_SIDE;
          case SQUARE_SIDE_MEAN -> CropSpec.Shape.SQUARE_OF_MEAN_SIDE;
          case SQUARE_SIDE_SHORTER -> CropSpec.Shape.SQUARE_OF_SHORTER_SIDE;
          case UNRECOGNIZED ->
              throw new IllegalStateException("The embedder asks for squares unknown here");
        };
    return new CropSpec.Enlarged(
        box.getMargin(),
        box.getSquare() ? square : CropSpec.Shape.AS_FOUND,
        box.getShiftDown(),
        box.getCutOff());
  }

  private static BoxPlacement box(CropSpec.Enlarged enlarged) {
    return BoxPlacement.newBuilder()
        .setMargin(enlarged.margin())
        .setSquare(enlarged.shape() != CropSpec.Shape.AS_FOUND)
        .setSquareSide(
            switch (enlarged.shape()) {
              case AS_FOUND -> SquareSide.SQUARE_SIDE_UNSPECIFIED;
              case SQUARE_OF_LONGER_SIDE -> SquareSide.SQUARE_SIDE_LONGER;
              case SQUARE_OF_MEAN_SIDE -> SquareSide.SQUARE_SIDE_MEAN;
              case SQUARE_OF_SHORTER_SIDE -> SquareSide.SQUARE_SIDE_SHORTER;
            })
        .setShiftDown(enlarged.shiftDown())
        .setCutOff(enlarged.cutOff())
        .build();
  }

  static dev.facet.proto.type.v1.Priority priority(Priority priority) {
    return switch (priority) {
      case INTERACTIVE -> dev.facet.proto.type.v1.Priority.PRIORITY_INTERACTIVE;
      case BULK -> dev.facet.proto.type.v1.Priority.PRIORITY_BULK;
    };
  }

  /**
   * @param answers whether the service does
   */
  static ModelStatus status(DetectorModel model, boolean answers) {
    return ModelStatus.newBuilder()
        .setModel(model.getId())
        .setTask(ModelTask.MODEL_TASK_DETECTOR)
        .setDefault(model.getDefault())
        .setReady(answers && serves(model.getState()))
        .setLicence(model.getLicence())
        .setProvider(model.getProvider())
        .build();
  }

  /**
   * @param answers whether the service does
   */
  static ModelStatus status(EmbedderModel model, boolean answers) {
    ModelStatus.Builder status =
        ModelStatus.newBuilder()
            .setModel(model.getId())
            .setTask(ModelTask.MODEL_TASK_EMBEDDER)
            .setDefault(model.getDefault())
            .setReady(answers && serves(model.getState()))
            .setLicence(model.getLicence())
            .setProvider(model.getProvider())
            .setCropSpec(model.getCropSpec())
            .setDimension(model.getDimension())
            .setMatchThreshold(model.getMatchThreshold());
    if (model.hasCalibration()) {
      status.setCalibration(model.getCalibration());
    }
    return status.build();
  }
}
