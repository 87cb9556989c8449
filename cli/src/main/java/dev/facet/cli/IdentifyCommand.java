package dev.facet.cli;

import dev.facet.proto.v1.Decision;
import dev.facet.proto.v1.IdentifiedFace;
import dev.facet.proto.v1.IdentifyRequest;
import dev.facet.proto.v1.IdentifyResponse;
import dev.facet.proto.v1.Match;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says who the faces of a photo are. */
@Command(
    name = "identify",
    header = "Say who the faces of a photo are.",
    description = "Exit code 1 when nobody is recognised.",
    footer = {"", "Example:", "  facet identify photo.jpg"})
final class IdentifyCommand implements Callable<Integer> {

  @Parameters(paramLabel = "PHOTO", description = "A JPEG, PNG or WebP file.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path photo;

  @Option(
      names = "--threshold",
      paramLabel = "D",
      description =
          "Squared distance up to which two faces are one person, 0 to 4 (default: the"
              + " collection's).")
  private Optional<Float> threshold = Optional.empty();

  @Option(
      names = "--face",
      paramLabel = "WHICH",
      defaultValue = "all",
      description = "Which faces of the photo: ${COMPLETION-CANDIDATES} (default: all).")
  private FaceChoiceOption face = FaceChoiceOption.ALL;

  @Mixin private final CollectionOption collection = new CollectionOption();
  @Mixin private final FindingOptions finding = new FindingOptions();
  @Mixin private final GatewayOptions gateway = new GatewayOptions();
  @Mixin private final Console console = new Console();

  @Override
  public Integer call() {
    IdentifyRequest.Builder request =
        IdentifyRequest.newBuilder()
            .setCollectionId(collection.id())
            .setProbe(Photos.probe(photo))
            .setOptions(finding.about(face));
    threshold.ifPresent(request::setThreshold);
    try (GatewayClient client = gateway.connect()) {
      IdentifyResponse response = client.faces(stub -> stub.identify(request.build()));
      if (console.json()) {
        console.document(response);
      } else {
        say(response);
      }
      return response.getFacesList().stream()
              .anyMatch(face -> face.getDecision() == Decision.DECISION_MATCH)
          ? ExitCode.OK
          : ExitCode.NEGATIVE;
    }
  }

  private void say(IdentifyResponse response) {
    if (response.getFacesCount() == 0) {
      console.line("no face found");
    }
    for (IdentifiedFace face : response.getFacesList()) {
      console.line("face %s: %s", Faces.where(face.getFace()), verdict(face));
    }
  }

  private static String verdict(IdentifiedFace face) {
    if (face.getCandidatesCount() == 0) {
      return "unknown, nobody is enrolled";
    }
    Match first = face.getCandidates(0);
    String apart = Faces.apart(first.getComparison());
    String threshold = "threshold %.3f".formatted(first.getComparison().getThreshold());
    return switch (face.getDecision()) {
      case DECISION_MATCH -> "%s, %s, %s".formatted(Faces.who(first), apart, threshold);
      case DECISION_AMBIGUOUS ->
          "ambiguous, %s or %s, %s, %s"
              .formatted(Faces.who(first), Faces.who(face.getCandidates(1)), apart, threshold);
      default -> "unknown, the nearest is %s, %s, %s".formatted(Faces.who(first), apart, threshold);
    };
  }
}
