package dev.facet.cli;

import com.google.gson.annotations.SerializedName;
import dev.facet.cli.PairList.Pair;
import dev.facet.cli.Verification.Judged;
import dev.facet.cli.Verification.OperatingPoint;
import dev.facet.proto.v1.EmbedRequest;
import dev.facet.proto.v1.EmbedResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures verification of pairs, as Labeled Faces in the Wild does. */
@Command(
    name = "lfw",
    header = "Pairs of photos: one person or two?",
    description = {
      "The threshold is the one of best accuracy on the pairs of --fit; 'accuracy' is what it gives"
          + " on those of --pairs. TAR at FAR 0.01 is read from the ROC of --pairs itself. The most"
          + " central face counts; a pair with a face not found is an error: never right, never"
          + " accepted if one person, always if two.",
      "The files are those of LFW's development sets: a number N, N lines 'NAME I J' of one person, N"
          + " lines 'NAME I OTHER J' of two."
    },
    footer = {
      "",
      "Example:",
      "  facet eval lfw --images lfw --fit lfw/pairs_train.txt --pairs lfw/pairs_test.txt"
    })
final class EvalLfwCommand implements Callable<Integer> {

  private static final double FAR = 0.01;

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
      names = "--in-flight",
      paramLabel = "N",
      defaultValue = "8",
      description = "Photos on their way at a time (default: ${DEFAULT-VALUE}).")
  private int inFlight;

  @Mixin private final GatewayOptions gateway = new GatewayOptions();
  @Mixin private final Console console = new Console();

  private record Result(
      double accuracy,
      double threshold,
      double fitAccuracy,
      @SerializedName("tar_at_far_1e-2") double tar,
      @SerializedName("far_at_that_point") double far,
      @SerializedName("threshold_at_that_point") double tarThreshold,
      int pairs,
      int photos,
      int photosWithoutFace,
      String model) {}

  @Override
  public Integer call() {
    Arguments.atLeast("--in-flight", inFlight, 1);
    List<Pair> fitPairs = PairList.read(fit).pairs();
    List<Pair> testPairs = PairList.read(pairs).pairs();
    List<Path> photos =
        Stream.concat(fitPairs.stream(), testPairs.stream())
            .flatMap(pair -> Stream.of(pair.first(), pair.second()))
            .distinct()
            .sorted()
            .toList();
    Map<Path, float[]> vectors = new ConcurrentHashMap<>();
    List<String> models;
    try (GatewayClient client = gateway.connect();
        ProgressBar progress = console.progress("embedding", photos.size())) {
      models =
          InFlight.map(
              photos,
              inFlight,
              photo -> {
                Optional<EmbedResponse> response = embed(client, images.resolve(photo));
                response.ifPresent(answer -> vectors.put(photo, vector(answer)));
                progress.step();
                return response.map(answer -> answer.getModel().getName()).orElse("");
              });
    }
    say(
        measure(
            judge(fitPairs, vectors),
            judge(testPairs, vectors),
            photos.size(),
            photos.size() - vectors.size(),
            models.stream().filter(name -> !name.isEmpty()).findFirst().orElse("")));
    return ExitCode.OK;
  }

  private static Optional<EmbedResponse> embed(GatewayClient client, Path photo) {
    EmbedRequest request =
        EmbedRequest.newBuilder()
            .setImage(Photos.image(photo))
            .setOptions(FaceChoiceOption.CENTRAL.options())
            .build();
    return client
        .face(stub -> stub.embed(request))
        .filter(response -> response.getFacesCount() > 0);
  }

  private static float[] vector(EmbedResponse response) {
    List<Float> values = response.getFaces(0).getVector().getValuesList();
    float[] vector = new float[values.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = values.get(i);
    }
    return vector;
  }

  private static Verification judge(List<Pair> pairs, Map<Path, float[]> vectors) {
    return new Verification(
        pairs.stream()
            .map(
                pair ->
                    new Judged(
                        pair.samePerson(),
                        squaredDistance(vectors.get(pair.first()), vectors.get(pair.second()))))
            .toList());
  }

  private static OptionalDouble squaredDistance(float @Nullable [] a, float @Nullable [] b) {
    if (a == null || b == null) {
      return OptionalDouble.empty();
    }
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      sum += difference * difference;
    }
    return OptionalDouble.of(sum);
  }

  private static Result measure(
      Verification fit, Verification test, int photos, int photosWithoutFace, String model) {
    double threshold = fit.bestThreshold();
    OperatingPoint point = test.at(FAR);
    return new Result(
        test.accuracy(threshold),
        threshold,
        fit.accuracy(threshold),
        point.tar(),
        point.far(),
        point.threshold(),
        test.pairs().size(),
        photos,
        photosWithoutFace,
        model);
  }

  private void say(Result result) {
    if (console.json()) {
      console.document(result);
      return;
    }
    console.line(
        "%s on %d pairs, %d photos, %d without a face found",
        result.model, result.pairs, result.photos, result.photosWithoutFace);
    console.line(
        "accuracy %.4f at squared distance %.3f (fitted on %s, where it gives %.4f)",
        result.accuracy, result.threshold, fit, result.fitAccuracy);
    console.line(
        "TAR %.4f at FAR %.4f, squared distance %.3f", result.tar, result.far, result.tarThreshold);
  }
}
