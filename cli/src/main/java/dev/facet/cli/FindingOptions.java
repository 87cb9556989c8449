package dev.facet.cli;

import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.MtcnnOptions;
import dev.facet.proto.v1.DetectRequest;
import dev.facet.proto.v1.DetectResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/**
 * Which detector finds the faces of a photo, and how. What is not said is not sent: the service's
 * own settings hold.
 */
final class FindingOptions {

  /** What {@code --rotated} stands for: a quarter turn to either side in steps of an eighth. */
  static final List<Float> ROTATED = List.of(-90f, -45f, 0f, 45f, 90f);

  @Option(
      names = "--detector",
      paramLabel = "NAME",
      description = "What finds the faces (default: the service's).")
  private Optional<String> detector = Optional.empty();

  @ArgGroup(exclusive = true)
  private @Nullable Angles angles;

  @Option(
      names = "--min-size",
      paramLabel = "PIXELS",
      description = "Leave out narrower faces (default: the detector's).")
  private Optional<Float> minSize = Optional.empty();

  @Option(
      names = "--min-score",
      paramLabel = "S",
      description = "Leave out faces with a lower score, 0 to 1 (default: the detector's).")
  private Optional<Float> minScore = Optional.empty();

  @Option(
      names = "--max-side",
      paramLabel = "PIXELS",
      description =
          "Shrink the photo to this longer side before; larger finds smaller faces (default: the"
              + " service's).")
  private Optional<Integer> maxSide = Optional.empty();

  @Option(
      names = "--mtcnn",
      paramLabel = "KEY=VALUE,...",
      converter = MtcnnKnobs.Converter.class,
      description = {
        "MTCNN only: proposal, refinement, output (lowest scores), proposal-overlap,"
            + " refinement-overlap, output-overlap, rotation-overlap (largest), factor (of the"
            + " pyramid).",
        "Example: proposal=0.6,refinement=0.7,output=0.7,factor=0.709"
      })
  private Optional<MtcnnOptions> mtcnn = Optional.empty();

  /** The angles of a rotated search. */
  static final class Angles {

    @Option(
        names = "--angles",
        required = true,
        split = ",",
        paramLabel = "DEGREES",
        description =
            "MTCNN only: also search the photo turned by these, counter-clockwise; at 45 faces are found"
                + " that lean 45 degrees to the right.")
    private List<Float> degrees = List.of();

    @Option(
        names = "--rotated",
        required = true,
        description = "The same as --angles=-90,-45,0,45,90.")
    private boolean rotated;
  }

  /** A name of the catalogue, or empty for the service's own choice. */
  String detector() {
    return detector.orElse("");
  }

  /** By which the photo is turned and searched again, in degrees counter-clockwise. */
  List<Float> angles() {
    if (angles == null) {
      return List.of();
    }
    return angles.rotated ? ROTATED : List.copyOf(angles.degrees);
  }

  /** What is sent with a photo of which these faces are meant. */
  DetectionOptions about(FaceChoiceOption face) {
    DetectionOptions.Builder options =
        DetectionOptions.newBuilder().setChoice(face.choice()).addAllAngles(angles());
    detector.ifPresent(options::setDetector);
    minSize.ifPresent(options::setMinSize);
    minScore.ifPresent(options::setMinScore);
    maxSide.ifPresent(options::setMaxSide);
    mtcnn.ifPresent(options::setMtcnn);
    return options.build();
  }

  /**
   * The name of the detector that answers, which is asked for with the first of the photos that is
   * one; empty when none is.
   *
   * @throws GatewayFailure when the options are refused
   */
  String detector(GatewayClient client, List<Path> photos) {
    DetectionOptions options = about(FaceChoiceOption.ALL);
    return photos.stream()
        .map(
            photo -> {
              DetectRequest request =
                  DetectRequest.newBuilder()
                      .setImage(Photos.image(photo))
                      .setOptions(options)
                      .build();
              return client.face(stub -> stub.detect(request));
            })
        .flatMap(Optional::stream)
        .map(DetectResponse::getDetector)
        .map(id -> id.getName())
        .findFirst()
        .orElse("");
  }
}
