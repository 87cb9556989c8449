package dev.facet.cli;

import dev.facet.cli.PairList.Pair;
import dev.facet.proto.type.v1.DetectionOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures verification of pairs, as Labeled Faces in the Wild does. */
@Command(
    name = "lfw",
    header = "Pairs of photos: one person or two?",
    description = {
      "The threshold is the one of best accuracy on the pairs of --fit; 'accuracy' is what it gives"
          + " on those of --pairs. TAR at FAR 1e-2 and 1e-3 is read from the ROC of --pairs itself."
          + " The most central face counts; a pair with a face not found is an error: never right,"
          + " never accepted if one person, always if two.",
      "With --detectors or --models, every combination of the two is measured on the same pairs:"
          + " a table, or with --json an array, of one row each. The other detection options go to"
          + " every detector; one that knows them not refuses them, which ends the command.",
      "The files are those of LFW's development sets: a number N, N lines 'NAME I J' of one person, N"
          + " lines 'NAME I OTHER J' of two."
    },
    footer = {
      "",
      "Examples:",
      "  facet eval lfw --images lfw --fit lfw/pairs_train.txt --pairs lfw/pairs_test.txt",
      "  facet eval lfw ... --detectors yunet,mtcnn --models edgeface-xs,mobilefacenet"
    })
final class EvalLfwCommand implements Callable<Integer> {

  @Option(
      names = "--images",
      required = true,
      paramLabel = "DIR",
      description = "Photos as NAME/NAME_0001.jpg.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path images;

  @Option(
      names = "--fit",
      required = true,
      paramLabel = "FILE",
      description = "Pairs that the threshold is fitted on.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path fit;

  @Option(
      names = "--pairs",
      required = true,
      paramLabel = "FILE",
      description = "Pairs that are judged with it.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path pairs;

  @Option(
      names = "--detectors",
      split = ",",
      paramLabel = "NAME",
      description = "Detectors to compare.")
  private List<String> detectors = List.of();

  @Option(
      names = "--models",
      split = ",",
      paramLabel = "NAME",
      description = "Embedding models to compare.")
  private List<String> models = List.of();

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      defaultValue = "8",
      description = "Photos on their way at a time (default: ${DEFAULT-VALUE}).")
  private int inFlight;

  @Mixin private final FindingOptions finding = new FindingOptions();
  @Mixin private final EmbeddingModelOption model = new EmbeddingModelOption();
  @Mixin private final GatewayOptions gateway = new GatewayOptions();
  @Mixin private final Console console = new Console();

  @Override
  public Integer call() {
    Arguments.atLeast("--in-flight", inFlight, 1);
    oneOf("--detector", finding.detector(), "--detectors", detectors);
    oneOf("--model", model.name(), "--models", models);
    List<Pair> fitPairs = PairList.read(fit).pairs();
    List<Pair> testPairs = PairList.read(pairs).pairs();
    List<Path> photos =
        Stream.concat(fitPairs.stream(), testPairs.stream())
            .flatMap(pair -> Stream.of(pair.first(), pair.second()))
            .distinct()
            .sorted()
            .toList();
    List<Combination> combinations;
    try (GatewayClient client = gateway.connect()) {
      combinations = combinations(client, photos);
      Combination.embed(client, images, photos, combinations, inFlight, console);
    }
    List<LfwScore> scores =
        combinations.stream()
            .map(
                one ->
                    LfwScore.of(one.detector(), one.vectors(), fitPairs, testPairs, photos.size()))
            .toList();
    if (detectors.isEmpty() && models.isEmpty()) {
      say(scores.getFirst());
    } else {
      sayTable(scores);
    }
    return ExitCode.OK;
  }

  private static void oneOf(String option, String name, String list, List<String> names) {
    Arguments.distinct(list, names);
    if (!name.isEmpty() && !names.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE, "%s and %s exclude each other".formatted(option, list));
    }
  }

  private List<Combination> combinations(GatewayClient client, List<Path> photos) {
    List<String> eyes =
        detectors.isEmpty()
            ? List.of(finding.detector(client, photos.stream().map(images::resolve).toList()))
            : detectors;
    List<Combination> combinations = new ArrayList<>();
    for (String detector : eyes) {
      DetectionOptions options =
          finding.about(FaceChoiceOption.CENTRAL).toBuilder().setDetector(detector).build();
      for (String name : models.isEmpty() ? List.of(model.name()) : models) {
        combinations.add(new Combination(detector, options, new PhotoVectors(name)));
      }
    }
    return combinations;
  }

  private void say(LfwScore score) {
    if (console.json()) {
      console.document(score);
      return;
    }
    console.line(
        "%s on %d pairs, %d photos, %d without a face found by %s",
        score.model(), score.pairs(), score.photos(), score.photosWithoutFace(), score.detector());
    console.line(
        "accuracy %.4f at squared distance %.3f (fitted on %s, where it gives %.4f)",
        score.accuracy(), score.threshold(), fit, score.fitAccuracy());
    console.line(
        "TAR %.4f at FAR %.4f, squared distance %.3f",
        score.tar(), score.far(), score.tarThreshold());
  }

  private void sayTable(List<LfwScore> scores) {
    if (console.json()) {
      console.document(scores);
      return;
    }
    LfwScore first = scores.getFirst();
    console.line(
        "%d pairs, %d photos; thresholds fitted on %s", first.pairs(), first.photos(), fit);
    console.line("%s", LfwScore.HEAD);
    scores.forEach(score -> console.line("%s", score.row()));
  }
}
