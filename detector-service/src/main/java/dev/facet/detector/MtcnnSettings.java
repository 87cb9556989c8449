package dev.facet.detector;

import dev.facet.bootstrap.Require;
import dev.facet.bootstrap.Setting;
import dev.facet.detector.mtcnn.Cascade;
import dev.facet.detector.mtcnn.CascadeOptions;
import dev.facet.detector.mtcnn.CascadeOptions.Threshold;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.onnx.ExecutionProvider;
import dev.facet.models.DetectorNetwork;
import dev.facet.models.DetectorNetwork.Stage;
import java.util.Optional;

/** What MTCNN searches where a request does not say, and what its batches may cost. */
record MtcnnSettings(
    @Setting(
            unit = "pixels",
            doc = "Side of the smallest face looked for, at least 12; the model's own when unset")
        Optional<Double> minSize,
    @Setting(
            doc =
                "Scale between two levels of the pyramid, 0.1 to 0.95; the model's own when unset")
        Optional<Double> pyramidFactor,
    @Setting(doc = "Least probability after the proposal network; the model's own when unset")
        Optional<Double> proposalMinScore,
    @Setting(doc = "Least probability after the refinement network; the model's own when unset")
        Optional<Double> refinementMinScore,
    @Setting(doc = "Least probability after the output network; the model's own when unset")
        Optional<Double> outputMinScore,
    @Setting(doc = "Greatest overlap of two proposals, 0 to 1; the model's own when unset")
        Optional<Double> proposalMaxOverlap,
    @Setting(doc = "Greatest overlap after refinement, 0 to 1; the model's own when unset")
        Optional<Double> refinementMaxOverlap,
    @Setting(
            doc =
                "Greatest overlap of two faces, over the smaller box, 0 to 1; the model's own when unset")
        Optional<Double> outputMaxOverlap,
    @Setting(
            value = "0.25",
            doc = "Greatest overlap of two faces found at different angles, 0 to 1")
        double rotationMaxOverlap,
    @Setting(
            value = "4096",
            unit = "pixels",
            doc =
                "Longer side to which larger pictures are shrunk before detection, and the limit of"
                    + " a request's max_side")
        int maxSide,
    @Setting(
            value = "8",
            unit = "tiles",
            doc =
                "Most tiles of pictures in one run of the proposal network; 1 on cpu whatever it is")
        int tileBatch,
    @Setting(
            unit = "windows",
            doc =
                "Most candidates in one run of the refinement network; 16 on cpu and 64 on cuda when"
                    + " unset")
        Optional<Integer> refinementBatch,
    @Setting(
            unit = "windows",
            doc =
                "Most candidates in one run of the output network; 4 on cpu and 16 on cuda when unset")
        Optional<Integer> outputBatch,
    @Setting(
            value = "8192",
            unit = "items",
            doc =
                "Most tiles or candidates waiting for a network, per priority; new searches are then"
                    + " refused")
        int queue,
    @Setting(
            value = "536870912",
            unit = "bytes",
            doc = "Memory of all pictures being searched, turned ones included; more of them wait")
        long memoryBytes) {

  private static final int WHOLE_REFINEMENT_BATCH = 64;
  private static final int WHOLE_OUTPUT_BATCH = 16;

  /**
   * Of what fills a GPU. A processor gains nothing from more, and one picture's few candidates are
   * to be shared by all of its runners.
   */
  private static final int PARTS_ON_CPU = 4;

  MtcnnSettings {
    minSize.ifPresent(size -> range("min-size", size, 12, 1024));
    pyramidFactor.ifPresent(factor -> range("pyramid-factor", factor, 0.1, 0.95));
    proposalMinScore.ifPresent(score -> range("proposal-min-score", score, 0, 1));
    refinementMinScore.ifPresent(score -> range("refinement-min-score", score, 0, 1));
    outputMinScore.ifPresent(score -> range("output-min-score", score, 0, 1));
    proposalMaxOverlap.ifPresent(overlap -> range("proposal-max-overlap", overlap, 0, 1));
    refinementMaxOverlap.ifPresent(overlap -> range("refinement-max-overlap", overlap, 0, 1));
    outputMaxOverlap.ifPresent(overlap -> range("output-max-overlap", overlap, 0, 1));
    range("rotation-max-overlap", rotationMaxOverlap, 0, 1);
    Require.between("max-side", maxSide, 64, 8192);
    Require.between("tile-batch", tileBatch, 1, 64);
    refinementBatch.ifPresent(batch -> Require.between("refinement-batch", batch, 1, 1024));
    outputBatch.ifPresent(batch -> Require.between("output-batch", batch, 1, 1024));
    int refinement = refinementBatch.orElse(WHOLE_REFINEMENT_BATCH);
    int output = outputBatch.orElse(WHOLE_OUTPUT_BATCH);
    Require.between("queue", queue, Math.max(tileBatch, Math.max(refinement, output)), 1_000_000);
    Require.between("memory-bytes", memoryBytes, 1 << 20, 1L << 40);
  }

  /** How the batches of the three networks are formed, otherwise as this policy says. */
  Cascade.Policies policies(BatchPolicy policy, ExecutionProvider provider) {
    int parts = provider == ExecutionProvider.CPU ? PARTS_ON_CPU : 1;
    return new Cascade.Policies(
        policy.sized(tileBatch, queue),
        policy.sized(refinementBatch.orElse(WHOLE_REFINEMENT_BATCH / parts), queue),
        policy.sized(outputBatch.orElse(WHOLE_OUTPUT_BATCH / parts), queue));
  }

  Mtcnn.Options options(DetectorNetwork.Mtcnn model) {
    return new Mtcnn.Options(
        new CascadeOptions(
            minSize.orElse((double) model.smallestFace()),
            pyramidFactor.orElse(model.pyramidFactor()),
            threshold(proposalMinScore, proposalMaxOverlap, model.proposal()),
            threshold(refinementMinScore, refinementMaxOverlap, model.refinement()),
            threshold(outputMinScore, outputMaxOverlap, model.output())),
        (float) rotationMaxOverlap,
        maxSide);
  }

  private static Threshold threshold(
      Optional<Double> score, Optional<Double> overlap, Stage model) {
    return new Threshold(
        score.orElse(model.scoreThreshold()).floatValue(),
        overlap.orElse(model.overlapThreshold()));
  }

  private static void range(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "%s must be %s to %s, is %s".formatted(name, least, most, value));
    }
  }
}
