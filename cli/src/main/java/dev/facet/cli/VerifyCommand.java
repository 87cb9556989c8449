package dev.facet.cli;

import dev.facet.proto.v1.Decision;
import dev.facet.proto.v1.VerifyRequest;
import dev.facet.proto.v1.VerifyResponse;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says whether two photos show one person. */
@Command(
    name = "verify",
    header = "Say whether two photos show one person.",
    description = "Exit code 0 when they do, 1 when they do not, 65 when a photo has no face.",
    footer = {"", "Example:", "  facet verify passport.jpg selfie.jpg"})
final class VerifyCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "A", description = "A JPEG, PNG or WebP file.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path photo;

  @Parameters(index = "1", paramLabel = "B", description = "Another.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path other;

  @Option(
      names = "--threshold",
      paramLabel = "D",
      description =
          "Squared distance up to which two faces are one person, 0 to 4 (default: the model's).")
  private Optional<Float> threshold = Optional.empty();

  @Option(
      names = "--face",
      paramLabel = "WHICH",
      defaultValue = "largest",
      description =
          "Which face of each: only, largest, central or most-probable (default: largest).")
  private FaceChoiceOption face = FaceChoiceOption.LARGEST;

  @Mixin private final FindingOptions finding = new FindingOptions();
  @Mixin private final EmbeddingModelOption model = new EmbeddingModelOption();
  @Mixin private final GatewayOptions gateway = new GatewayOptions();
  @Mixin private final Console console = new Console();

  @Override
  public Integer call() {
    VerifyRequest.Builder request =
        VerifyRequest.newBuilder()
            .setProbe(Photos.probe(photo))
            .setOther(Photos.probe(other))
            .setOptions(finding.about(face))
            .setModel(model.name());
    threshold.ifPresent(request::setThreshold);
    try (GatewayClient client = gateway.connect()) {
      VerifyResponse response = client.faces(stub -> stub.verify(request.build()));
      boolean same = response.getDecision() == Decision.DECISION_MATCH;
      if (console.json()) {
        console.document(response);
      } else {
        console.line(
            "%s: %s, threshold %.3f",
            same ? "one person" : "two people",
            Faces.apart(response.getComparison()),
            response.getComparison().getThreshold());
      }
      return same ? ExitCode.OK : ExitCode.NEGATIVE;
    }
  }
}
