package dev.facet.cli;

import dev.facet.models.ModelRecord;
import dev.facet.models.graph.ActivationHistogram;
import dev.facet.models.graph.ActivationRange;
import dev.facet.models.graph.Quantization;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine.TypeConversionException;

/** What the activations of a network are on crops of faces. */
final class Calibration {

  /** All activations of a run are in memory at once. */
  private static final int BATCH = 4;

  private final Map<String, ActivationHistogram> histograms;

  private Calibration(Map<String, ActivationHistogram> histograms) {
    this.histograms = histograms;
  }

  /** How a range is made of a histogram, as written on the command line. */
  enum Ranges {
    MIN_MAX("min-max"),
    PERCENTILE("percentile"),
    LEAST_ERROR("least-error");

    /** Left out by the percentile, on both ends together. */
    private static final double OUTLIERS = 1e-4;

    private final String word;

    Ranges(String word) {
      this.word = word;
    }

    /**
     * The rule of that word.
     *
     * @throws TypeConversionException when there is none
     */
    static Ranges of(String word) {
      return Arrays.stream(values())
          .filter(rule -> rule.word.equalsIgnoreCase(word))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' is none of %s".formatted(word, Arrays.toString(values()))));
    }

    @Override
    public String toString() {
      return word;
    }

    private ActivationRange of(ActivationHistogram histogram) {
      return switch (this) {
        case MIN_MAX -> histogram.whole();
        case PERCENTILE -> histogram.without(OUTLIERS);
        case LEAST_ERROR -> histogram.ofLeastError();
      };
    }
  }

  /** Runs the network on crops and looks at every activation that will be kept in eight bits. */
  static Calibration run(
      ModelRecord model, Quantization network, List<byte[]> crops, ProgressBar progress) {
    List<String> activations = network.activations();
    List<ActivationHistogram> histograms =
        activations.stream().map(_ -> new ActivationHistogram()).toList();
    try (CropNetwork observed = CropNetwork.raw(model, network.observed())) {
      for (int first = 0; first < crops.size(); first += BATCH) {
        List<byte[]> some = crops.subList(first, Math.min(crops.size(), first + BATCH));
        observed.run(
            some,
            BATCH,
            outputs ->
                IntStream.range(0, outputs.size())
                    .parallel()
                    .forEach(i -> histograms.get(i).add(outputs.get(i).values())));
        progress.to(first + some.size());
      }
    }
    Map<String, ActivationHistogram> named = new LinkedHashMap<>();
    for (int i = 0; i < activations.size(); i++) {
      named.put(activations.get(i), histograms.get(i));
    }
    return new Calibration(named);
  }

  /** The range of each activation. */
  Map<String, ActivationRange> ranges(Ranges rule) {
    Map<String, ActivationRange> ranges = new LinkedHashMap<>();
    histograms.forEach((activation, histogram) -> ranges.put(activation, rule.of(histogram)));
    return ranges;
  }
}
