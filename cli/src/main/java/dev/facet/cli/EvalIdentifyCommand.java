package dev.facet.cli;

import dev.facet.cli.IdentificationDraw.Known;
import dev.facet.proto.v1.Decision;
import dev.facet.proto.v1.IdentifiedFace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures open-set identification: known people named right, strangers not named. */
@Command(
    name = "identify",
    header = "Known people named right, strangers not named.",
    description = {
      "For each seed, N people with two photos or more are drawn: one photo is enrolled, another"
          + " searched; and a photo of each of N strangers is searched too. The decision is"
          + " Identify's at the collection's own threshold, about the most central face. Every probe"
          + " counts: a known person whose face is not found, in either photo, was not named right.",
      "With --turn, the pixels of every searched photo are turned before it is sent, and those of"
          + " the enrolled ones are not: how much a head on its side costs, and how much of it a"
          + " rotated search (--rotated) wins back.",
      "The draw depends on the seed and the names of folders and files alone. Each seed has a"
          + " collection of its own, dropped at its end."
    },
    footer = {
      "",
      "Examples:",
      "  facet eval identify --images lfw --people 300 --seeds 1-10 --json",
      "  facet eval identify --images lfw --seeds 1 --turn 90 --detector mtcnn --rotated"
    })
final class EvalIdentifyCommand implements Callable<Integer> {

  @Option(
      names = "--images",
      required = true,
      paramLabel = "DIR",
      description = "Photos as NAME/photo.jpg.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path images;

  @Option(
      names = "--people",
      paramLabel = "N",
      defaultValue = "300",
      description = "Known people, and as many strangers (default: ${DEFAULT-VALUE}).")
  private int people;

  @Option(
      names = "--seeds",
      paramLabel = "FROM-TO",
      defaultValue = "1-10",
      converter = Seeds.Converter.class,
      description = "Draws, such as 1-10 or 1,2,5 (default: ${DEFAULT-VALUE}).")
  private Seeds seeds = new Seeds(List.of());

  @Option(
      names = "--turn",
      paramLabel = "DEGREES",
      defaultValue = "0",
      converter = Turn.Converter.class,
      description =
          "Turn searched photos counter-clockwise: multiples of 90 exactly, others on a larger black"
              + " canvas; sent as PNG (default: ${DEFAULT-VALUE}).")
  private Turn turn = Turn.NONE;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      defaultValue = "8",
      description = "Photos on their way at a time (default: ${DEFAULT-VALUE}).")
  private int inFlight;

  @Mixin private final FindingOptions finding = new FindingOptions();
  @Mixin private final EmbeddingModelOption embedding = new EmbeddingModelOption();
  @Mixin private final GatewayOptions gateway = new GatewayOptions();
  @Mixin private final Console console = new Console();

  /** Shares of probes; the counts of what went wrong beside them. */
  private record Round(
      long seed,
      double knownCorrect,
      double unknownNamed,
      int enrolledWithoutFace,
      int searchedWithoutFace) {}

  private record Result(
      double knownCorrect,
      double unknownNamed,
      Spread knownCorrectSpread,
      Spread unknownNamedSpread,
      int people,
      String detector,
      String model,
      double threshold,
      List<Float> angles,
      double turn,
      List<Round> seeds) {}

  @Override
  public Integer call() {
    Arguments.atLeast("--people", people, 1);
    Arguments.atLeast("--in-flight", inFlight, 1);
    List<Person> all = Person.in(images);
    List<IdentificationDraw> draws =
        seeds.values().stream().map(seed -> IdentificationDraw.of(all, people, seed)).toList();
    try (GatewayClient client = gateway.connect();
        ProgressBar progress =
            console.progress("identifying", 3L * people * seeds.values().size())) {
      List<Round> rounds = new ArrayList<>();
      String detector =
          finding.detector(client, draws.getFirst().known().stream().map(Known::enrolled).toList());
      String model = "";
      double threshold = 0;
      for (int i = 0; i < draws.size(); i++) {
        long seed = seeds.values().get(i);
        try (ScratchCollection collection =
            new ScratchCollection(
                client, "eval-identify-seed-" + seed, embedding.name(), finding)) {
          rounds.add(round(collection, seed, draws.get(i), progress));
          model = collection.model();
          threshold = collection.threshold();
        }
      }
      say(
          new Result(
              known(rounds).mean(),
              unknown(rounds).mean(),
              known(rounds),
              unknown(rounds),
              people,
              detector,
              model,
              threshold,
              finding.angles(),
              turn.degrees(),
              rounds));
    }
    return ExitCode.OK;
  }

  private Round round(
      ScratchCollection collection, long seed, IdentificationDraw draw, ProgressBar progress) {
    List<Boolean> enrolled =
        InFlight.map(
            draw.known(),
            inFlight,
            one -> {
              boolean found = collection.enroll(one.enrolled(), one.name());
              progress.step();
              return found;
            });
    List<Optional<IdentifiedFace>> known =
        InFlight.map(draw.known(), inFlight, one -> identify(collection, one.searched(), progress));
    List<Optional<IdentifiedFace>> strangers =
        InFlight.map(
            draw.strangers(), inFlight, one -> identify(collection, one.searched(), progress));
    int correct = 0;
    for (int i = 0; i < known.size(); i++) {
      String subject = SubjectName.of(draw.known().get(i).name()).id();
      correct += known.get(i).filter(face -> isNamed(face, subject)).isPresent() ? 1 : 0;
    }
    long named = strangers.stream().flatMap(Optional::stream).filter(face -> isNamed(face)).count();
    long faceless =
        known.stream().filter(Optional::isEmpty).count()
            + strangers.stream().filter(Optional::isEmpty).count();
    return new Round(
        seed,
        (double) correct / known.size(),
        (double) named / strangers.size(),
        (int) enrolled.stream().filter(found -> !found).count(),
        (int) faceless);
  }

  private Optional<IdentifiedFace> identify(
      ScratchCollection collection, Path photo, ProgressBar progress) {
    Optional<IdentifiedFace> face = collection.identify(turn.of(photo));
    progress.step();
    return face;
  }

  private static boolean isNamed(IdentifiedFace face, String subject) {
    return face.getDecision() == Decision.DECISION_MATCH
        && face.getCandidates(0).getSubjectId().equals(subject);
  }

  private static boolean isNamed(IdentifiedFace face) {
    return face.getDecision() == Decision.DECISION_MATCH
        || face.getDecision() == Decision.DECISION_AMBIGUOUS;
  }

  private static Spread known(List<Round> rounds) {
    return Spread.of(rounds.stream().map(Round::knownCorrect).toList());
  }

  private static Spread unknown(List<Round> rounds) {
    return Spread.of(rounds.stream().map(Round::unknownNamed).toList());
  }

  private void say(Result result) {
    if (console.json()) {
      console.document(result);
      return;
    }
    console.line(
        "%d known people and %d strangers, %s at squared distance %.3f",
        people, people, result.model, result.threshold);
    console.line(
        "faces found by %s%s, searched photos %s",
        result.detector,
        result.angles.isEmpty()
            ? ""
            : " at angles of "
                + result.angles.stream().map(Faces::degrees).collect(Collectors.joining(", ")),
        turn.degrees() == 0
            ? "upright"
            : "turned by %s degrees".formatted(Faces.degrees(turn.degrees())));
    for (Round round : result.seeds) {
      console.line(
          "  seed %-4d known named right %.4f  strangers named %.4f  no face: %d enrolled, %d"
              + " searched",
          round.seed,
          round.knownCorrect,
          round.unknownNamed,
          round.enrolledWithoutFace,
          round.searchedWithoutFace);
    }
    console.line("known named right  %s", result.knownCorrectSpread);
    console.line("strangers named    %s", result.unknownNamedSpread);
  }
}
