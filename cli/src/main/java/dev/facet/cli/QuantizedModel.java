package dev.facet.cli;

import java.util.List;

/**
 * What {@code facet models quantize} made.
 *
 * @param from the model in float32, as NAME@VERSION
 * @param bytes of the network's file, and before
 * @param layers in eight bits
 * @param layersKept in float32, although they could be moved
 * @param meanCosine of the vectors of held-out faces by the two forms
 * @param millisAlone median time of a run of one crop on one thread, and before
 */
record QuantizedModel(
    String name,
    String version,
    String from,
    String catalogue,
    String file,
    String sha256,
    long bytes,
    long bytesBefore,
    int layers,
    List<String> layersKept,
    int calibrationFaces,
    int heldOutFaces,
    int photosWithoutFace,
    double meanCosine,
    double leastCosine,
    double millisAlone,
    double millisAloneBefore,
    double millisOfEight,
    double millisOfEightBefore) {

  /** Crops of the larger run that is timed. */
  static final int MANY = 8;

  /**
   * Tells a person.
   *
   * @param catalogueWords how 'facet up' finds the catalogue that it was written into
   */
  void say(Console console, String catalogueWords) {
    console.line("added %s@%s to %s", name, version, catalogue);
    console.line("kept as %s, %.1f MB instead of %.1f", file, bytes / 1e6, bytesBefore / 1e6);
    console.line(
        "%d layers in eight bits, %d in float32; ranges of %d faces, %d photos without a face",
        layers, layersKept.size(), calibrationFaces, photosWithoutFace);
    console.line(
        "its vectors and those of %s on %d other faces: cosine %.4f in the mean, %.4f at least",
        from, heldOutFaces, meanCosine, leastCosine);
    console.line(
        "%.2f ms for one crop instead of %.2f, %.2f ms for %d instead of %.2f (medians, one thread)",
        millisAlone, millisAloneBefore, millisOfEight, MANY, millisOfEightBefore);
    if (millisOfEight >= millisOfEightBefore) {
      console.note("it is not faster here: %s serves better", from);
    }
    console.line("use it: facet up --embedder %s%s", name, catalogueWords);
  }
}
