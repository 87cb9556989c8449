package dev.facet.detector;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.facet.detector.image.Hostile;
import dev.facet.detector.image.Scene;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.onnx.OnnxSettings;
import dev.facet.models.Catalogue;
import dev.facet.models.CropGeometry;
import dev.facet.models.ModelStore;
import dev.facet.models.Progress;
import dev.facet.models.Task;
import dev.facet.proto.detector.v1.CropRequest;
import dev.facet.proto.detector.v1.CropResponse;
import dev.facet.proto.detector.v1.DetectRequest;
import dev.facet.proto.detector.v1.DetectResponse;
import dev.facet.proto.detector.v1.DetectStreamRequest;
import dev.facet.proto.detector.v1.DetectStreamResponse;
import dev.facet.proto.detector.v1.DetectedFace;
import dev.facet.proto.detector.v1.DetectorServiceGrpc;
import dev.facet.proto.detector.v1.DetectorServiceGrpc.DetectorServiceBlockingStub;
import dev.facet.proto.detector.v1.GetModelsRequest;
import dev.facet.proto.type.v1.Box;
import dev.facet.proto.type.v1.BoxPlacement;
import dev.facet.proto.type.v1.ChipSpec;
import dev.facet.proto.type.v1.Crop;
import dev.facet.proto.type.v1.CropSpec;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.FaceChoice;
import dev.facet.proto.type.v1.Image;
import dev.facet.proto.type.v1.ImageFormat;
import dev.facet.proto.type.v1.Landmarks;
import dev.facet.proto.type.v1.MtcnnOptions;
import dev.facet.proto.type.v1.Point;
import dev.facet.proto.type.v1.SquareSide;
import dev.facet.proto.type.v1.Timings;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The detector over loopback, with real weights and photos. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DetectorServiceTest {
  private static final CropSpec ARCFACE =
      CropSpec.newBuilder()
          .setWidth(112)
          .setHeight(112)
          .setTemplate(
              landmarks(
                  38.2946f, 51.6963f, 73.5318f, 51.5014f, 56.0252f, 71.7366f, 41.5493f, 92.3655f,
                  70.7299f, 92.2041f))
          .build();
  private static final CropSpec SQUARE =
      CropSpec.newBuilder()
          .setWidth(160)
          .setHeight(160)
          .setBox(BoxPlacement.newBuilder().setMargin(0.2f).setSquare(true))
          .build();

  private RunningDetector detector;
  private DetectorServiceBlockingStub stub;

  @BeforeAll
  void serve(@TempDir Path cache) {
    detector = RunningDetector.start("decode.least-time=50ms", "models.cache=" + cache);
    stub = detector.stub();
  }

  @AfterAll
  void stop() {
    if (detector != null) {
      detector.close();
    }
  }

  @Test
  void groupPhotoHasSixFacesWithCropsAndChips() {
    DetectResponse response =
        stub.detect(
            photo("multiface.jpg")
                .addCropSpecs(ARCFACE)
                .addCropSpecs(SQUARE)
                .setChipSpec(ChipSpec.getDefaultInstance())
                .build());
    assertThat(response.getFacesList()).hasSize(6);
    assertThat(response.getPicture().getWidth()).isEqualTo(1200);
    assertThat(response.getPicture().getHeight()).isEqualTo(630);
    assertThat(response.getPicture().getFormat()).isEqualTo(ImageFormat.IMAGE_FORMAT_JPEG);
    assertThat(response.getDetector().getName()).isEqualTo("yunet");
    assertThat(response.getTimings().getDetectBatchSize()).isPositive();
    assertThat(response.getTimings().getTotalMicros())
        .isGreaterThanOrEqualTo(response.getTimings().getDecodeMicros());
    for (DetectedFace face : response.getFacesList()) {
      assertThat(face.getScore()).isBetween(0.6f, 1f);
      assertThat(face.getCropsList()).extracting(Crop::getWidth).containsExactly(112, 160);
      assertThat(face.getCrops(0).getRgb().size()).isEqualTo(112 * 112 * 3);
      assertThat(face.getCrops(1).getRgb().size()).isEqualTo(160 * 160 * 3);
      assertThat(face.getChip().getFormat()).isEqualTo(ImageFormat.IMAGE_FORMAT_PNG);
      assertThat(face.getChip().getDetector()).isEqualTo(response.getDetector());
      assertThat(face.getQuality().getOverall()).isGreaterThan(0.5f);
      assertThat(face.getQuality().getEyeDistance()).isBetween(30f, 50f);
    }
  }

  /** Drawing what the model sees of a large photo takes longer than the model itself. */
  @Test
  void stagesAddUpToTheWholeCall() {
    byte[] portrait = LargePhotos.jpeg(Shared.photo("angelina_jolie.jpg"), 2603);
    DetectRequest request = request(ByteString.copyFrom(portrait)).addCropSpecs(ARCFACE).build();
    Timings told = stub.detect(request).getTimings();
    long sum =
        told.getDecodeMicros()
            + told.getDetectQueueMicros()
            + told.getDetectMicros()
            + told.getCropMicros();
    assertThat(sum).isBetween(told.getTotalMicros() / 2, told.getTotalMicros());
  }

  /** An aligned crop, and one along the box, as the catalogue describes them. */
  @Test
  void libraryCutsTheCropsThatTheServiceCuts(@TempDir Path cache) {
    Catalogue catalogue = Catalogue.bundled();
    ModelStore store = new ModelStore(catalogue, cache, Optional.of(Shared.folder("models")));
    CropSpec cutOff =
        SQUARE.toBuilder()
            .setBox(
                BoxPlacement.newBuilder().setMargin((float) (14.0 / (160 - 14))).setCutOff(true))
            .build();
    DetectResponse served =
        stub.detect(photo("multiface.jpg").addCropSpecs(ARCFACE).addCropSpecs(cutOff).build());
    try (LocalDetector local =
        LocalDetector.load(
            store.served("yunet", Progress.NONE),
            OnnxSettings.cpu(),
            BatchPolicy.of(1, 1),
            new SimpleMeterRegistry())) {
      byte[] image = Shared.photo("multiface.jpg");
      List<String> models = List.of("edgeface-xs", "facenet");
      for (int i = 0; i < models.size(); i++) {
        int spec = i;
        CropGeometry crop = ((Task.Embedding) catalogue.model(models.get(i)).task()).crop();
        List<FoundFace> found =
            local.find(image, SearchOptions.UNSET, dev.facet.detector.FaceChoice.ALL, 0, crop);
        assertThat(found)
            .extracting(face -> ByteString.copyFrom(face.crop().rgb()))
            .containsExactlyElementsOf(
                served.getFacesList().stream().map(face -> face.getCrops(spec).getRgb()).toList());
      }
    }
  }

  @Test
  void choiceAndOptionsAreObeyed() {
    assertThat(choose(FaceChoice.FACE_CHOICE_LARGEST).getFacesList()).hasSize(1);
    DetectionOptions three = DetectionOptions.newBuilder().setMaxFaces(3).build();
    assertThat(stub.detect(photo("multiface.jpg").setOptions(three).build()).getFacesList())
        .hasSize(3);
    assertReason("MULTIPLE_FACES", () -> choose(FaceChoice.FACE_CHOICE_ONLY));
    DetectionOptions none =
        DetectionOptions.newBuilder()
            .setMinScore(0.999f)
            .setChoice(FaceChoice.FACE_CHOICE_MOST_CENTRAL)
            .build();
    assertReason("NO_FACE", () -> stub.detect(photo("multiface.jpg").setOptions(none).build()));
  }

  @Test
  void photoWithoutAFaceIsAnEmptyAnswer() {
    ByteString scene = ByteString.copyFrom(Scene.of(400, 300).encoded(".webp"));
    assertThat(stub.detect(request(scene).build()).getFacesList()).isEmpty();
  }

  /** The crop of a stored chip, and of the photo by landmarks, is the crop that Detect gave. */
  @Test
  void chipGivesTheSameCropsLater() {
    DetectRequest.Builder request =
        photo("multiface.jpg")
            .addCropSpecs(ARCFACE)
            .addCropSpecs(SQUARE)
            .setChipSpec(ChipSpec.newBuilder().setEnlargement(2.5f));
    for (DetectedFace face : stub.detect(request.build()).getFacesList()) {
      CropRequest fromChip =
          CropRequest.newBuilder()
              .setChip(face.getChip())
              .addCropSpecs(ARCFACE)
              .addCropSpecs(SQUARE)
              .build();
      CropRequest fromPhoto =
          CropRequest.newBuilder()
              .setImage(request.getImage())
              .setLandmarks(face.getLandmarks())
              .addCropSpecs(ARCFACE)
              .build();
      CropRequest fromBox =
          CropRequest.newBuilder()
              .setImage(request.getImage())
              .setBox(face.getBox())
              .addCropSpecs(SQUARE)
              .build();
      assertAlike(stub.crop(fromChip).getCrops(0), face.getCrops(0));
      assertAlike(stub.crop(fromChip).getCrops(1), face.getCrops(1));
      assertThat(stub.crop(fromPhoto).getCrops(0)).isEqualTo(face.getCrops(0));
      assertThat(stub.crop(fromBox).getCrops(0)).isEqualTo(face.getCrops(1));
    }
  }

  /** The same face in the same picture, turned: its crop along the box is upright in both. */
  @Test
  void boxCropOfATurnedFaceIsTurnedUpright() {
    byte[] upright = Scene.of(201, 201).encoded(".png");
    byte[] clockwise = Scene.of(201, 201).turnedClockwise().encoded(".png");
    CropRequest.Builder request = CropRequest.newBuilder().addCropSpecs(SQUARE);
    Box box = Box.newBuilder().setX(30).setY(50).setWidth(80).setHeight(60).build();
    // Its centre (70, 80) comes to (121, 70); its sides are those of the upright face.
    Box turned = Box.newBuilder().setX(81).setY(40).setWidth(80).setHeight(60).build();

    Crop expected =
        stub.crop(request.setImage(image(ByteString.copyFrom(upright))).setBox(box).build())
            .getCrops(0);
    Crop actual =
        stub.crop(
                request
                    .setImage(image(ByteString.copyFrom(clockwise)))
                    .setBox(turned)
                    .setAngle(90)
                    .build())
            .getCrops(0);

    assertAlike(actual, expected);
  }

  @Test
  void placementsThatMeanNothingAreRefused() {
    CropRequest.Builder request =
        CropRequest.newBuilder()
            .setImage(photo("dara_1.jpg").getImage())
            .setBox(Box.newBuilder().setWidth(50).setHeight(50));
    for (BoxPlacement.Builder placement :
        List.of(
            BoxPlacement.newBuilder().setSquareSide(SquareSide.SQUARE_SIDE_MEAN),
            BoxPlacement.newBuilder().setSquare(true).setSquareSideValue(9),
            BoxPlacement.newBuilder().setShiftDown(-1.1f),
            BoxPlacement.newBuilder().setShiftDown(Float.NaN),
            BoxPlacement.newBuilder().setMargin(4.1f))) {
      CropSpec spec = SQUARE.toBuilder().setBox(placement).build();
      assertReason(
          "INVALID_FIELD", () -> stub.crop(request.clearCropSpecs().addCropSpecs(spec).build()));
    }
    request.clearCropSpecs().addCropSpecs(SQUARE);
    assertReason("INVALID_FIELD", () -> stub.crop(request.setAngle(181).build()));
    assertReason("INVALID_FIELD", () -> stub.crop(request.setAngle(Float.NaN).build()));
  }

  @Test
  void wholePictureIsOnlyResized() {
    byte[] photo = Scene.of(112, 112).encoded(".png");
    CropRequest request =
        CropRequest.newBuilder()
            .setImage(image(ByteString.copyFrom(photo)))
            .setWholePicture(true)
            .addCropSpecs(ARCFACE)
            .build();
    CropResponse response = stub.crop(request);
    try (var picture = Decoded.picture(photo)) {
      assertThat(response.getCrops(0).getRgb().toByteArray()).isEqualTo(Decoded.pixels(picture));
    }
  }

  /** I05 to I11 at this door: each fault by its name, and the service goes on. */
  @Test
  void badImagesAreRefusedByReason() {
    for (Map.Entry<String, List<byte[]>> fault : Hostile.imagesByReason().entrySet()) {
      for (byte[] image : fault.getValue()) {
        assertReason(
            fault.getKey(), () -> stub.detect(request(ByteString.copyFrom(image)).build()));
      }
    }
    assertReason("IMAGE_EMPTY", () -> stub.detect(DetectRequest.getDefaultInstance()));
    assertThat(stub.detect(photo("dara_1.jpg").build()).getFacesList()).hasSize(1);
  }

  /** I13: what is no picture in a file never comes back, neither in a chip nor in a refusal. */
  @Test
  void restOfAPolyglotIsNeverEchoed() {
    DetectRequest.Builder request =
        photo("dara_1.jpg")
            .addCropSpecs(ARCFACE)
            .setChipSpec(ChipSpec.newBuilder().setFormat(ImageFormat.IMAGE_FORMAT_JPEG));
    for (byte[] polyglot : Hostile.polyglots(Shared.photo("dara_1.jpg"))) {
      DetectResponse response =
          stub.detect(request.setImage(image(ByteString.copyFrom(polyglot))).build());
      assertThat(response.getFacesList()).hasSize(1);
      assertThat(response.getFaces(0).getChip().getImage().getData().isEmpty()).isFalse();
      assertThat(response.toByteString().toString(ISO_8859_1)).doesNotContain(Hostile.SECRET);
    }
    ByteString page = ByteString.copyFrom(("<html>" + Hostile.SECRET).getBytes(ISO_8859_1));
    StatusRuntimeException refusal = refusal(() -> stub.detect(request(page).build()));
    assertThat(reason(refusal)).isEqualTo("UNSUPPORTED_FORMAT");
    assertThat(refusal.getMessage() + refusal.getTrailers()).doesNotContain("polyglot", "html");
  }

  /** G03. */
  @Test
  void deadlineShorterThanTheWorkIsRefusedBeforeDecoding() {
    assertThat(stub.detect(photo("dara_1.jpg").build()).getFacesList()).hasSize(1);
    long decoded = decoded();
    for (int millis : new int[] {1, 40}) {
      assertThatThrownBy(
              () ->
                  stub.withDeadlineAfter(millis, TimeUnit.MILLISECONDS)
                      .detect(photo("multiface.jpg").build()))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
    }
    assertThat(decoded()).isEqualTo(decoded);
  }

  @Test
  void everyWrongFieldIsNamedAtOnce() {
    DetectRequest request =
        photo("dara_1.jpg")
            .setOptions(
                DetectionOptions.newBuilder()
                    .setMinScore(Float.NaN)
                    .setMaxOverlap(1.5f)
                    .setMinSize(-1)
                    .setMaxSide(5000)
                    .setChoiceValue(77)
                    .addAngles(45)
                    .setMtcnn(MtcnnOptions.getDefaultInstance()))
            .addCropSpecs(CropSpec.newBuilder().setWidth(8).setHeight(9999))
            .setChipSpec(
                ChipSpec.newBuilder()
                    .setFormat(ImageFormat.IMAGE_FORMAT_WEBP)
                    .setEnlargement(9)
                    .setMaxSide(1)
                    .setJpegQuality(0))
            .build();
    StatusRuntimeException refusal = refusal(() -> stub.detect(request));
    assertThat(fields(refusal))
        .contains(
            "options.min_score",
            "options.max_overlap",
            "options.min_size",
            "options.max_side",
            "options.choice",
            "options.angles",
            "options.mtcnn",
            "crop_specs[0].width",
            "crop_specs[0].height",
            "crop_specs[0]",
            "chip_spec.format",
            "chip_spec.enlargement",
            "chip_spec.max_side",
            "chip_spec.jpeg_quality");
    assertThat(reason(refusal)).isEqualTo("INVALID_FIELD");
  }

  @Test
  void facesThatNoCropCanShowAreRefused() {
    CropRequest.Builder request =
        CropRequest.newBuilder()
            .setImage(photo("dara_1.jpg").getImage())
            .addCropSpecs(ARCFACE)
            .setLandmarks(landmarks(5, 5, 5, 5, 5, 5, 5, 5, 5, 5));
    assertReason("INVALID_FIELD", () -> stub.crop(request.build()));
    Landmarks infinite = landmarks(Float.POSITIVE_INFINITY, 0, 1, 1, 2, 2, 3, 3, 4, 5);
    assertReason("INVALID_FIELD", () -> stub.crop(request.setLandmarks(infinite).build()));
    assertReason("INVALID_FIELD", () -> stub.crop(request.clearFace().build()));
    Box box = Box.newBuilder().setWidth(50).setHeight(50).build();
    assertReason("INVALID_FIELD", () -> stub.crop(request.setBox(box).build()));
    assertReason("INVALID_FIELD", () -> stub.crop(request.clearCropSpecs().build()));
    Box far = Box.newBuilder().setX(1_000_000).setWidth(0.001f).setHeight(1_000_000).build();
    assertThat(stub.crop(request.setBox(far).addCropSpecs(SQUARE).build()).getCropsList())
        .hasSize(1);
  }

  @Test
  void answerThatWouldBeTooLargeIsRefused() {
    DetectRequest request =
        photo("multiface.jpg")
            .setOptions(DetectionOptions.newBuilder().setMinScore(0).setMaxOverlap(1))
            .addCropSpecs(SQUARE.toBuilder().setWidth(512).setHeight(512))
            .build();
    StatusRuntimeException refusal = refusal(() -> stub.detect(request));
    assertThat(reason(refusal)).isEqualTo("INVALID_FIELD");
    assertThat(fields(refusal)).containsExactly("options.max_faces");
  }

  @Test
  void unknownDetectorIsNotFoundAndTheOthersAreNamed() {
    DetectionOptions options = DetectionOptions.newBuilder().setDetector("mtcnn").build();
    StatusRuntimeException refusal =
        refusal(() -> stub.detect(photo("dara_1.jpg").setOptions(options).build()));
    assertThat(reason(refusal)).isEqualTo("MODEL_NOT_FOUND");
    assertThat(refusal).hasMessageContaining("yunet");
  }

  @Test
  void modelsAreDescribed() {
    var models = stub.getModels(GetModelsRequest.getDefaultInstance()).getModelsList();
    assertThat(models).hasSize(1);
    assertThat(models.getFirst().getId().getName()).isEqualTo("yunet");
    assertThat(models.getFirst().getId().getWeightsSha256()).startsWith("104ee26c");
    assertThat(models.getFirst().getLicence()).isEqualTo("Apache-2.0");
    assertThat(models.getFirst().getDefault()).isTrue();
    assertThat(models.getFirst().getMinScore()).isEqualTo(0.6f);
    assertThat(models.getFirst().getProvider()).isEqualTo("cpu");
    assertThat(models.getFirst().getPrecision()).isEqualTo("fp32");
  }

  @Test
  void streamAnswersByIdAndABadPictureDoesNotEndIt() throws Exception {
    Map<String, DetectStreamResponse> answers = new ConcurrentHashMap<>();
    CountDownLatch done = new CountDownLatch(1);
    StreamObserver<DetectStreamRequest> requests =
        DetectorServiceGrpc.newStub(detector.channel()).detectStream(collect(answers, done));
    DetectRequest good = photo("dara_1.jpg").build();
    for (int i = 0; i < 40; i++) {
      requests.onNext(
          DetectStreamRequest.newBuilder()
              .setId("photo-" + i)
              .setRequest(i == 20 ? DetectRequest.getDefaultInstance() : good)
              .build());
    }
    requests.onNext(DetectStreamRequest.newBuilder().setRequest(good).build());
    requests.onCompleted();
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(answers).hasSize(41);
    answers.forEach(
        (id, answer) ->
            assertThat(answer.hasError()).as(id).isEqualTo(id.equals("photo-20") || id.isEmpty()));
    ErrorInfo info =
        Objects.requireNonNull(answers.get("photo-20"))
            .getError()
            .getDetails(0)
            .unpack(ErrorInfo.class);
    assertThat(info.getReason()).isEqualTo("IMAGE_EMPTY");
  }

  private DetectResponse choose(FaceChoice choice) {
    return stub.detect(
        photo("multiface.jpg").setOptions(DetectionOptions.newBuilder().setChoice(choice)).build());
  }

  private long decoded() {
    return detector.host().meters().get("facet.decode").timer().count();
  }

  private static DetectRequest.Builder photo(String name) {
    return request(ByteString.copyFrom(Shared.photo(name)));
  }

  private static DetectRequest.Builder request(ByteString image) {
    return DetectRequest.newBuilder().setImage(image(image));
  }

  private static Image image(ByteString data) {
    return Image.newBuilder().setData(data).build();
  }

  private static Landmarks landmarks(float... xy) {
    return Landmarks.newBuilder()
        .setLeftEye(point(xy[0], xy[1]))
        .setRightEye(point(xy[2], xy[3]))
        .setNose(point(xy[4], xy[5]))
        .setLeftMouthCorner(point(xy[6], xy[7]))
        .setRightMouthCorner(point(xy[8], xy[9]))
        .build();
  }

  private static Point point(float x, float y) {
    return Point.newBuilder().setX(x).setY(y).build();
  }

  /** Resampled from equal pixels at places that differ by rounding only. */
  private static void assertAlike(Crop actual, Crop expected) {
    double sum = 0;
    for (int i = 0; i < expected.getRgb().size(); i++) {
      sum += Math.abs((actual.getRgb().byteAt(i) & 0xff) - (expected.getRgb().byteAt(i) & 0xff));
    }
    assertThat(sum / expected.getRgb().size()).isCloseTo(0, within(0.5));
  }

  private static void assertReason(String reason, Runnable call) {
    StatusRuntimeException refusal = refusal(call);
    assertThat(reason(refusal)).as(refusal.getMessage()).isEqualTo(reason);
    assertThat(refusal.getMessage()).doesNotContain("OpenCV", "Exception", "/", ".java");
  }

  private static StatusRuntimeException refusal(Runnable call) {
    return org.assertj.core.api.Assertions.catchThrowableOfType(
        StatusRuntimeException.class, call::run);
  }

  private static String reason(StatusRuntimeException thrown) {
    return detail(thrown, ErrorInfo.class).getReason();
  }

  private static List<String> fields(StatusRuntimeException thrown) {
    return detail(thrown, BadRequest.class).getFieldViolationsList().stream()
        .map(BadRequest.FieldViolation::getField)
        .toList();
  }

  private static <T extends com.google.protobuf.Message> T detail(
      StatusRuntimeException thrown, Class<T> type) {
    return Objects.requireNonNull(StatusProto.fromThrowable(thrown)).getDetailsList().stream()
        .filter(any -> any.is(type))
        .map(
            any -> {
              try {
                return any.unpack(type);
              } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new AssertionError(e);
              }
            })
        .findFirst()
        .orElseThrow();
  }

  private static StreamObserver<DetectStreamResponse> collect(
      Map<String, DetectStreamResponse> answers, CountDownLatch done) {
    return new StreamObserver<>() {
      @Override
      public void onNext(DetectStreamResponse answer) {
        answers.put(answer.getId(), answer);
      }

      @Override
      public void onError(Throwable thrown) {
        done.countDown();
      }

      @Override
      public void onCompleted() {
        done.countDown();
      }
    };
  }
}
