package dev.facet.cli;

import dev.facet.cli.PairList.Pair;
import dev.facet.cli.Verification.Judged;
import dev.facet.proto.v1.EmbedResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The vectors of photos, all of one model. A photo whose face was not found has none. */
final class PhotoVectors {

  private final Map<Path, float[]> vectors = new ConcurrentHashMap<>();
  private volatile String model;
  private volatile String preprocessing = "";
  private volatile int dimension;

  /**
   * Holds nothing yet.
   *
   * @param model its name as far as it is known before the first answer
   */
  PhotoVectors(String model) {
    this.model = model;
  }

  /** Takes the first face of an answer, if it has one. */
  void put(Path photo, EmbedResponse response) {
    if (response.getFacesCount() > 0) {
      vectors.put(photo, values(response.getFaces(0).getVector().getValuesList()));
      model = response.getModel().getName();
      dimension = response.getFaces(0).getVector().getValuesCount();
      preprocessing = response.getModel().getPreprocessingSha256();
    }
  }

  /** As the answers name it. */
  String model() {
    return model;
  }

  int size() {
    return vectors.size();
  }

  /** Pairs with their distances; one with a photo that has no vector has none. */
  Verification judge(List<Pair> pairs) {
    return new Verification(
        pairs.stream()
            .map(
                pair ->
                    new Judged(
                        pair.samePerson(),
                        squaredDistance(vectors.get(pair.first()), vectors.get(pair.second()))))
            .toList());
  }

  /** The vectors of photos in their order; null for those that have none. */
  List<float @Nullable []> of(List<Path> photos) {
    List<float @Nullable []> ordered = new ArrayList<>();
    photos.forEach(photo -> ordered.add(vectors.get(photo)));
    return ordered;
  }

  /**
   * Whether both are of models that see the same crops: forms of one model, for all one can tell.
   */
  boolean comparable(PhotoVectors others) {
    return preprocessing.equals(others.preprocessing) && dimension == others.dimension;
  }

  /**
   * The mean cosine of the vectors of each photo here and there, which are of unit length; NaN
   * where no photo has both, or they are of different lengths.
   */
  double meanCosine(PhotoVectors others) {
    return vectors.entrySet().stream()
        .flatMapToDouble(
            entry -> squaredDistance(entry.getValue(), others.vectors.get(entry.getKey())).stream())
        .map(squared -> 1 - squared / 2)
        .average()
        .orElse(0);
  }

  private static float[] values(List<Float> values) {
    float[] vector = new float[values.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = values.get(i);
    }
    return vector;
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
}
