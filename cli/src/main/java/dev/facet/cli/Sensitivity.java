package dev.facet.cli;

import dev.facet.models.ModelRecord;
import dev.facet.models.graph.ActivationRange;
import dev.facet.models.graph.Quantization;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How far the vectors move when one layer alone computes in eight bits.
 *
 * @param cosine of the vectors and those of float32, in the mean
 */
record Sensitivity(String layer, double cosine) {

  private static final int CROPS = 32;

  /** The layers that move the vectors most, so many of them. */
  static Set<String> worst(
      int count,
      ModelRecord model,
      byte[] network,
      Map<String, ActivationRange> ranges,
      List<byte[]> crops,
      Console console) {
    if (count == 0) {
      return Set.of();
    }
    List<byte[]> some = crops.subList(0, Math.min(CROPS, crops.size()));
    int layers = Quantization.of(network).layers().size();
    try (ProgressBar progress = console.progress("measuring layers", layers)) {
      return measure(model, network, ranges, some, progress).stream()
          .limit(count)
          .map(Sensitivity::layer)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** Measures every layer on crops, most sensitive first. */
  private static List<Sensitivity> measure(
      ModelRecord model,
      byte[] network,
      Map<String, ActivationRange> ranges,
      List<byte[]> crops,
      ProgressBar progress) {
    Quantization quantization = Quantization.of(network);
    List<float[]> exact = vectors(model, network, crops);
    List<Sensitivity> measured = new ArrayList<>();
    for (String layer : quantization.layers()) {
      Set<String> others = new HashSet<>(quantization.layers());
      others.remove(layer);
      List<float[]> moved = vectors(model, quantization.quantized(ranges, others), crops);
      measured.add(new Sensitivity(layer, cosines(exact, moved).mean()));
      progress.step();
    }
    measured.sort(Comparator.comparingDouble(Sensitivity::cosine));
    return measured;
  }

  /** The cosines of unit vectors of two networks, crop by crop. */
  static Spread cosines(List<float[]> some, List<float[]> others) {
    List<Double> cosines = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      float[] one = some.get(i);
      float[] other = others.get(i);
      double sum = 0;
      for (int j = 0; j < one.length; j++) {
        sum += (double) one[j] * other[j];
      }
      cosines.add(sum);
    }
    return Spread.of(cosines);
  }

  private static List<float[]> vectors(ModelRecord model, byte[] network, List<byte[]> crops) {
    try (CropNetwork embedder = CropNetwork.embedder(model, network)) {
      return embedder.embed(crops);
    }
  }
}
