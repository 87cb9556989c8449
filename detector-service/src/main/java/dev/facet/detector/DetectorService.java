package dev.facet.detector;

import dev.facet.bootstrap.BidiStream;
import dev.facet.bootstrap.CurrentCall;
import dev.facet.bootstrap.ErrorTable;
import dev.facet.bootstrap.RequestChecks;
import dev.facet.bootstrap.Unary;
import dev.facet.detector.FaceFinder.Order;
import dev.facet.inference.onnx.ExecutionProvider;
import dev.facet.inference.serving.Lease;
import dev.facet.inference.serving.LiveModel;
import dev.facet.inference.serving.LoadOptions;
import dev.facet.inference.serving.ModelReference;
import dev.facet.inference.serving.ModelVersion;
import dev.facet.proto.detector.v1.CropRequest;
import dev.facet.proto.detector.v1.CropResponse;
import dev.facet.proto.detector.v1.DetectRequest;
import dev.facet.proto.detector.v1.DetectResponse;
import dev.facet.proto.detector.v1.DetectStreamRequest;
import dev.facet.proto.detector.v1.DetectStreamResponse;
import dev.facet.proto.detector.v1.DetectorServiceGrpc;
import dev.facet.proto.detector.v1.GetModelsRequest;
import dev.facet.proto.detector.v1.GetModelsResponse;
import dev.facet.proto.detector.v1.LoadModelRequest;
import dev.facet.proto.detector.v1.LoadModelResponse;
import dev.facet.proto.detector.v1.UnloadModelRequest;
import dev.facet.proto.detector.v1.UnloadModelResponse;
import dev.facet.proto.type.v1.Chip;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.Image;
import dev.facet.serving.ModelsInService;
import dev.facet.serving.ServingMessages;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;

/** The gRPC edge of the detector: checks requests, and turns faces into messages. */
final class DetectorService extends DetectorServiceGrpc.DetectorServiceImplBase {
  private static final int MAX_STREAM_ID = 64;
  private static final int STREAM_PICTURES_IN_FLIGHT = 16;

  private final ModelsInService<FaceDetector> detectors;
  private final FaceFinder finder;
  private final ExecutionProvider provider;
  private final ErrorTable errors;

  DetectorService(
      ModelsInService<FaceDetector> detectors,
      FaceFinder finder,
      ExecutionProvider provider,
      ErrorTable errors) {
    this.detectors = detectors;
    this.finder = finder;
    this.provider = provider;
    this.errors = errors;
  }

  @Override
  public void detect(DetectRequest request, StreamObserver<DetectResponse> observer) {
    Unary.answer(observer, () -> detect(request));
  }

  @Override
  public StreamObserver<DetectStreamRequest> detectStream(
      StreamObserver<DetectStreamResponse> observer) {
    return BidiStream.answerEach(observer, STREAM_PICTURES_IN_FLIGHT, this::detectOne);
  }

  @Override
  public void crop(CropRequest request, StreamObserver<CropResponse> observer) {
    Unary.answer(observer, () -> crop(request));
  }

  @Override
  public void getModels(GetModelsRequest request, StreamObserver<GetModelsResponse> observer) {
    Unary.answer(observer, () -> ModelMessages.models(detectors.all(), provider));
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

  private DetectResponse detect(DetectRequest request) {
    String detector = request.getOptions().getDetector();
    new RequestChecks().optionalModel("options.detector", detector).done();
    try (Lease<FaceDetector> lease = detectors.lease(detector)) {
      return detect(request, lease.model());
    }
  }

  private DetectResponse detect(DetectRequest request, FaceDetector detector) {
    long start = System.nanoTime();
    DetectionOptions options = request.getOptions();
    RequestChecks checks = new RequestChecks();
    Order order =
        new Order(
            detector.search(RequestMessages.searchOptions(options, checks), checks),
            RequestMessages.chooser(options, checks),
            RequestMessages.cropSpecs(request.getCropSpecsList(), checks),
            request.hasChipSpec()
                ? Optional.of(RequestMessages.chipSpec(request.getChipSpec(), checks))
                : Optional.empty(),
            ServingMessages.priority(request.getPriority()));
    checks.done();
    var found = finder.find(ImageBytes.of(request.getImage().getData()), order);
    return DetectorMessages.response(found, detector.model().id(), System.nanoTime() - start);
  }

  private DetectStreamResponse detectOne(DetectStreamRequest one) {
    DetectStreamResponse.Builder answer = DetectStreamResponse.newBuilder().setId(one.getId());
    try {
      new RequestChecks()
          .expect(
              !one.getId().isEmpty() && one.getId().length() <= MAX_STREAM_ID,
              "id",
              "must have 1 to %d characters".formatted(MAX_STREAM_ID))
          .done();
      return answer.setResponse(detect(one.getRequest())).build();
    } catch (RuntimeException e) {
      return answer.setError(errors.status(e)).build();
    }
  }

  private CropResponse crop(CropRequest request) {
    long start = System.nanoTime();
    RequestChecks checks = new RequestChecks();
    List<CropSpec> specs = RequestMessages.cropSpecs(request.getCropSpecsList(), checks);
    checks.expect(!specs.isEmpty(), "crop_specs", "must be at least one");
    KnownFace face = knownFace(request, checks);
    checks.expect(
        !(face instanceof KnownFace.At at
            && at.landmarks().isEmpty()
            && specs.stream().anyMatch(CropSpec::needsLandmarks)),
        "landmarks",
        "are needed for a crop spec with a template");
    checks.done();
    Image image = request.hasChip() ? request.getChip().getImage() : request.getImage();
    var cut = finder.cut(ImageBytes.of(image.getData()), face, specs);
    return DetectorMessages.response(cut, System.nanoTime() - start);
  }

  private static KnownFace knownFace(CropRequest request, RequestChecks checks) {
    float angle = RequestMessages.angle("angle", request.getAngle(), checks);
    return switch (request.getFaceCase()) {
      case LANDMARKS ->
          KnownFace.At.of(
              RequestMessages.landmarks("landmarks", request.getLandmarks(), checks), angle);
      case BOX ->
          new KnownFace.At(
              RequestMessages.box("box", request.getBox(), checks), Optional.empty(), angle);
      case WHOLE_PICTURE -> {
        checks.expect(request.getWholePicture(), "whole_picture", "must be true when it is set");
        yield new KnownFace.WholePicture();
      }
      case FACE_NOT_SET -> {
        checks.expect(
            request.hasChip(), "face", "must be landmarks, a box, whole_picture, or a chip's own");
        if (!request.hasChip()) {
          yield new KnownFace.WholePicture();
        }
        KnownFace.At own = ownFace(request.getChip(), checks);
        yield request.hasAngle() ? new KnownFace.At(own.box(), own.landmarks(), angle) : own;
      }
    };
  }

  private static KnownFace.At ownFace(Chip chip, RequestChecks checks) {
    checks.expect(
        chip.hasBox() || chip.hasLandmarks(), "chip", "must have a box or landmarks of its own");
    Optional<Landmarks> landmarks =
        chip.hasLandmarks()
            ? Optional.of(RequestMessages.landmarks("chip.landmarks", chip.getLandmarks(), checks))
            : Optional.empty();
    Box box =
        chip.hasBox()
            ? RequestMessages.box("chip.box", chip.getBox(), checks)
            : landmarks.map(Landmarks::bounds).orElse(new Box(0, 0, 1, 1));
    return new KnownFace.At(
        box, landmarks, RequestMessages.angle("chip.angle", chip.getAngle(), checks));
  }

  private LoadModelResponse load(LoadModelRequest request) {
    long start = System.nanoTime();
    detectors.requireHotLoad();
    new RequestChecks().model("name", request.getName()).done();
    ModelReference wanted = ModelReference.of(request.getName());
    LoadOptions options = new LoadOptions(request.getKeepPrevious(), request.getMakeDefault());
    LiveModel<FaceDetector> loaded =
        CurrentCall.awaitOnPlatformThread("load-" + wanted, () -> detectors.load(wanted, options));
    return LoadModelResponse.newBuilder()
        .setModel(ModelMessages.model(loaded, provider))
        .setLoadMicros((System.nanoTime() - start) / 1000)
        .build();
  }

  private UnloadModelResponse unload(UnloadModelRequest request) {
    detectors.requireHotLoad();
    new RequestChecks().model("name", request.getName()).done();
    ModelReference unwanted = ModelReference.of(request.getName());
    ModelVersion closed = CurrentCall.awaitInterruptibly(() -> detectors.unload(unwanted));
    return UnloadModelResponse.newBuilder().setModel(ServingMessages.id(closed)).build();
  }
}
