package dev.facet.cli;

import dev.facet.proto.v1.FaceMatches;
import dev.facet.proto.v1.Match;
import dev.facet.proto.v1.SearchRequest;
import dev.facet.proto.v1.SearchResponse;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the enrolled faces nearest to each face of a photo. */
@Command(
    name = "search",
    header = "List the enrolled faces nearest to each face of a photo.",
    description = "Exit code 1 when the photo has no face or nothing is near.",
    footer = {
      "",
      "Examples:",
      "  facet search photo.jpg --top 3",
      "  facet search photo.jpg --max-distance 1.2 --json"
    })
final class SearchCommand implements Callable<Integer> {

  @Parameters(paramLabel = "PHOTO", description = "A JPEG, PNG or WebP file.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path photo;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "10",
      description = "At most so many faces (default: ${DEFAULT-VALUE}).")
  private int top;

  @Option(
      names = "--max-distance",
      paramLabel = "D",
      description = "Only faces within this squared distance, 0 to 4.")
  private Optional<Float> maxDistance = Optional.empty();

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
    Arguments.atLeast("--top", top, 1);
    SearchRequest.Builder request =
        SearchRequest.newBuilder()
            .setCollectionId(collection.id())
            .setProbe(Photos.probe(photo))
            .setOptions(finding.about(face))
            .setTopK(top);
    maxDistance.ifPresent(request::setMaxSquaredDistance);
    try (GatewayClient client = gateway.connect()) {
      SearchResponse response = client.faces(stub -> stub.search(request.build()));
      if (console.json()) {
        console.document(response);
      } else {
        say(response);
      }
      return response.getResultsList().stream().anyMatch(face -> face.getMatchesCount() > 0)
          ? ExitCode.OK
          : ExitCode.NEGATIVE;
    }
  }

  private void say(SearchResponse response) {
    if (response.getResultsCount() == 0) {
      console.line("no face found");
    }
    for (FaceMatches face : response.getResultsList()) {
      console.line("face %s: nearest of %d", Faces.where(face.getFace()), face.getSearchedFaces());
      if (face.getMatchesCount() == 0) {
        console.line("  nobody near");
      }
      for (Match match : face.getMatchesList()) {
        console.line(
            "  %s  %s  face %s",
            Faces.apart(match.getComparison()), Faces.who(match), match.getFaceId());
      }
    }
  }
}
