package dev.facet.cli;

import com.google.gson.annotations.SerializedName;
import dev.facet.proto.type.v1.DetectionOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures models on all pairs of a set of photos. */
@Command(
    name = "pairs",
    header = "All pairs of photos: models side by side.",
    description = {
      "Every photo is compared with every other. TAR is the share of pairs of one person that are"
          + " accepted at the threshold at which so many of the pairs of two people are (FAR); rank-1"
          + " the share of photos whose nearest is of the same person, of those that have such a one."
          + " The most central face counts; pairs with a face not found are errors.",
      "Meant for forms of one model, such as in eight bits beside float32: differences of a tenth of"
          + " a point are seen where thousands of pairs are of one person. 'cosine' is that of the"
          + " vectors of a photo by a model and by the first one that is prepared for in the same way,"
          + " in the mean."
    },
    footer = {
      "",
      "Examples:",
      "  facet eval pairs --images lfw --models mobilefacenet,mobilefacenet-int8 --except calibration"
    })
final class EvalPairsCommand implements Callable<Integer> {

  @Option(
      names = "--images",
      required = true,
      paramLabel = "DIR",
      description = "Photos as NAME/photo.jpg.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path images;

  @Option(
      names = "--except",
      paramLabel = "DIR",
      description = "Leave people out who have a folder in this one, such as those calibrated on.")
  private Optional<Path> except = Optional.empty();

  @Option(
      names = "--models",
      split = ",",
      required = true,
      paramLabel = "NAME",
      description = "Embedding models to compare; all must be served.")
  private List<String> models = List.of();

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      defaultValue = "8",
      description = "Photos on their way at a time (default: ${DEFAULT-VALUE}).")
  private int inFlight;

  @Mixin private final FindingOptions finding = new FindingOptions();
  @Mixin private final GatewayOptions gateway = new GatewayOptions();
  @Mixin private final Console console = new Console();

  /** A photo and whom it shows. */
  private record Portrait(String person, Path photo) {}

  private record Row(
      String model,
      @SerializedName("tar_at_far_1e-2") double lenient,
      @SerializedName("tar_at_far_1e-3") double strict,
      @SerializedName("tar_at_far_1e-4") double stricter,
      double rankOne,
      double cosine,
      int photosWithoutFace) {}

  private record Result(
      String detector,
      int people,
      int photos,
      long pairsOfOnePerson,
      long pairsOfTwo,
      List<Row> models) {}

  @Override
  public Integer call() {
    Arguments.atLeast("--in-flight", inFlight, 1);
    Arguments.distinct("--models", models);
    List<Portrait> portraits = portraits();
    List<PhotoVectors> vectors = models.stream().map(PhotoVectors::new).toList();
    String detector;
    try (GatewayClient client = gateway.connect()) {
      List<Path> photos = portraits.stream().map(Portrait::photo).toList();
      detector = finding.detector(client, photos);
      DetectionOptions options =
          finding.about(FaceChoiceOption.CENTRAL).toBuilder().setDetector(detector).build();
      List<Combination> combinations =
          vectors.stream().map(one -> new Combination(detector, options, one)).toList();
      Path here = Path.of(""); // the photos' paths lead from here
      Combination.embed(client, here, photos, combinations, inFlight, console);
    }
    Result result = result(detector, portraits, vectors);
    if (console.json()) {
      console.document(result);
    } else {
      say(result);
    }
    return ExitCode.OK;
  }

  private List<Portrait> portraits() {
    Set<String> left = new HashSet<>();
    except.ifPresent(
        folder -> Photos.folders(folder).forEach(one -> left.add("" + one.getFileName())));
    List<Portrait> portraits = new ArrayList<>();
    Map<String, Integer> each = new HashMap<>();
    for (Person person : Person.in(images)) {
      if (!left.contains(person.name())) {
        person.photos().forEach(photo -> portraits.add(new Portrait(person.name(), photo)));
        each.put(person.name(), person.photos().size());
      }
    }
    if (each.size() < 2 || each.values().stream().noneMatch(photos -> photos > 1)) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "%s must show two people, one of them twice; it has %d photos of %d"
              .formatted(images, portraits.size(), each.size()));
    }
    if (portraits.size() > AllPairs.MOST_PHOTOS) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "%s has %,d photos; at most %,d are compared"
              .formatted(images, portraits.size(), AllPairs.MOST_PHOTOS));
    }
    return portraits;
  }

  private Result result(String detector, List<Portrait> portraits, List<PhotoVectors> vectors) {
    List<String> people = portraits.stream().map(Portrait::person).toList();
    List<Path> photos = portraits.stream().map(Portrait::photo).toList();
    List<Row> rows = new ArrayList<>();
    long genuine = 0;
    long impostors = 0;
    for (int i = 0; i < vectors.size(); i++) {
      PhotoVectors one = vectors.get(i);
      AllPairs pairs = AllPairs.of(people, one.of(photos));
      genuine = pairs.genuinePairs();
      impostors = pairs.impostorPairs();
      rows.add(
          new Row(
              models.get(i),
              pairs.tarAt(1e-2),
              pairs.tarAt(1e-3),
              pairs.tarAt(1e-4),
              pairs.rankOne(),
              vectors.stream().filter(one::comparable).findFirst().orElse(one).meanCosine(one),
              photos.size() - one.size()));
    }
    return new Result(
        detector,
        (int) people.stream().distinct().count(),
        photos.size(),
        genuine,
        impostors,
        rows);
  }

  private void say(Result result) {
    console.line(
        "%d photos of %d people found by %s: %,d pairs of one person, %,d of two",
        result.photos, result.people, result.detector, result.pairsOfOnePerson, result.pairsOfTwo);
    console.line(
        "%-24s %11s %11s %11s %8s %8s %8s",
        "model", "TAR at 1e-2", "TAR at 1e-3", "TAR at 1e-4", "rank-1", "cosine", "no face");
    for (Row row : result.models) {
      console.line(
          "%-24s %11.4f %11.4f %11.4f %8.4f %8.4f %8d",
          row.model,
          row.lenient,
          row.strict,
          row.stricter,
          row.rankOne,
          row.cosine,
          row.photosWithoutFace);
    }
  }
}
