package dev.facet.detector.mtcnn;

import dev.facet.bootstrap.CurrentCall;
import dev.facet.detector.mtcnn.Pyramid.Level;
import dev.facet.detector.mtcnn.Stage.Answers;
import dev.facet.detector.mtcnn.Stage.Network;
import dev.facet.detector.mtcnn.pnet.ProposalKernel;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.batch.BatchTiming;
import dev.facet.inference.batch.Batcher;
import dev.facet.inference.batch.Priority;
import dev.facet.inference.onnx.ExecutionProvider;
import dev.facet.inference.onnx.OnnxModel;
import dev.facet.inference.onnx.OnnxSettings;
import dev.facet.models.ServedModel;
import dev.facet.models.graph.Precision;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Three networks in a row, each of which sees what the one before let pass. */
public final class Cascade implements AutoCloseable {

  /*
   * What. The cascade of Zhang et al., "Joint Face Detection and Alignment Using Multitask Cascaded
   * Convolutional Networks", IEEE SPL 23(10), 2016, with the weights and, to the last rounding that
   * can be seen, the behaviour of facenet-pytorch, which is what people mean by MTCNN today.
   *
   *  1. P-Net sees every level of the pyramid and gives each of its cells a probability and a
   *     regression. Candidates are thinned within their level, then across levels.
   *  2. R-Net sees the square around each candidate, shrunk to 24 x 24.
   *  3. O-Net sees what is left at 48 x 48, and places the landmarks.
   *
   * What the reference does is uneven, and kept so. P-Net's regression counts sides from corner to
   * corner, those of R-Net and O-Net count both corners' pixels. The first two thin by intersection
   * over union, the last by intersection over the smaller box. P-Net lets a score pass that equals
   * its threshold, the others do not. Corners are cut to whole pixels, towards zero, and read as
   * positions that count from 1. Landmarks follow from the box as it was before its last regression.
   *
   * Batching. Each network has a batcher of its own: tiles of levels for P-Net, windows for the
   * others. All pictures of one search, which are one picture at several angles, go through a stage
   * together, so their tiles and windows share runs with one another and with those of other
   * searches. Levels and windows are cut from the picture's bytes on the runner, just before it
   * needs them: a queued item is a few numbers and a reference, and no pyramid exists as a whole.
   *
   * Computing. The networks are ONNX graphs. P-Net has most of the work, in layers too narrow for
   * what ONNX Runtime does well, so on a processor with wide vectors a kernel takes its place; see
   * ProposalKernel. The graph stays for all else, and is what the kernel is tested against.
   */

  private static final int REFINEMENT_SIDE = 24;
  private static final int OUTPUT_SIDE = 48;

  private final Tiling tiling;
  private final Stage<Tile, Candidates> proposal;
  private final Stage<Window, float[]> refinement;
  private final Stage<Window, float[]> output;

  private Cascade(
      Tiling tiling,
      Stage<Tile, Candidates> proposal,
      Stage<Window, float[]> refinement,
      Stage<Window, float[]> output) {
    this.tiling = tiling;
    this.proposal = proposal;
    this.refinement = refinement;
    this.output = output;
  }

  /** How each network's batches are formed. */
  public record Policies(BatchPolicy proposal, BatchPolicy refinement, BatchPolicy output) {}

  /** Loads the three networks: parts {@code pnet}, {@code rnet} and {@code onet} of a model. */
  public static Cascade load(
      ServedModel model, OnnxSettings onnx, Policies policies, MeterRegistry meters) {
    // A GPU is warmed for few shapes and sizes, to which all are padded; a processor takes any.
    boolean fixed = onnx.provider() == ExecutionProvider.CUDA;
    String name = model.id().name();
    String version = model.id().version();
    List<OnnxModel> opened = new ArrayList<>();
    try {
      Optional<ProposalKernel> kernel = fixed ? Optional.empty() : kernel(model);
      Network<Tile, Candidates> pnet;
      if (kernel.isPresent()) {
        pnet = new VectorProposalNet(kernel.get());
      } else {
        OnnxModel graph = OnnxModel.load(model.path("pnet"), fixed ? onnx : onnx.forFreeShapes());
        opened.add(graph);
        pnet = new ProposalNet(graph, /* alone= */ !fixed, runSize(fixed, policies.proposal()));
      }
      OnnxModel rnet = OnnxModel.load(model.path("rnet"), onnx);
      opened.add(rnet);
      OnnxModel onet = OnnxModel.load(model.path("onet"), onnx);
      return new Cascade(
          fixed ? Tiling.squares() : Tiling.exact(),
          new Stage<>(name + "-pnet", version, policies.proposal(), pnet, meters),
          new Stage<>(
              name + "-rnet",
              version,
              policies.refinement(),
              new WindowNet(
                  rnet,
                  REFINEMENT_SIDE,
                  List.of("probability", "regression"),
                  runSize(fixed, policies.refinement())),
              meters),
          new Stage<>(
              name + "-onet",
              version,
              policies.output(),
              new WindowNet(
                  onet,
                  OUTPUT_SIDE,
                  List.of("probability", "regression", "landmarks"),
                  runSize(fixed, policies.output())),
              meters));
    } catch (RuntimeException e) {
      opened.forEach(OnnxModel::close);
      throw e;
    }
  }

  /** P-Net's own kernel, where it gives what the graph would and the machine is made for it. */
  private static Optional<ProposalKernel> kernel(ServedModel model) {
    return model.precision() == Precision.FP32 && ProposalKernel.isSupported()
        ? model.weights("pnet").map(ProposalKernel::new)
        : Optional.empty();
  }

  private static IntUnaryOperator runSize(boolean fixed, BatchPolicy policy) {
    return fixed ? policy::bucket : IntUnaryOperator.identity();
  }

  /** Runs every shape and batch size once, so that no caller pays for a first time. */
  public void warm() {
    tiling.blanks().forEach(proposal::warm);
    Window window = Window.whole(new Pixels(1, 1, new byte[3]));
    refinement.warm(window);
    output.warm(window);
  }

  /**
   * What was found.
   *
   * @param faces those of each picture, most probable first, in its pixels
   * @param timing sums of the slowest items of each stage, and the largest batch
   */
  public record Result(List<Candidates> faces, BatchTiming timing) {}

  /**
   * Searches pictures for upright faces; blocks.
   *
   * @throws dev.facet.inference.batch.QueueFullException if there is no room for another search
   */
  public Result search(List<Pixels> pictures, CascadeOptions options, Priority priority) {
    long deadlineNanos = CurrentCall.deadlineNanos();
    List<Tile> tiles = new ArrayList<>();
    pictures.forEach(picture -> tiles.addAll(tiles(picture, options)));
    Answers<Candidates> proposals = proposal.run(tiles, priority, deadlineNanos, false);
    List<Candidates> candidates =
        visible(
            pictures,
            Sieve.proposed(pictures, tiles, proposals.outputs(), options.proposal().overlap()));

    Answers<float[]> refinements =
        refinement.run(windows(pictures, candidates), priority, deadlineNanos, true);
    candidates =
        visible(pictures, Sieve.refined(candidates, refinements.outputs(), options.refinement()));

    Answers<float[]> outputs =
        output.run(windows(pictures, candidates), priority, deadlineNanos, true);
    return new Result(
        Sieve.placed(candidates, outputs.outputs(), options.output()),
        sum(proposals.timing(), refinements.timing(), outputs.timing()));
  }

  @Override
  public void close() {
    proposal.close();
    refinement.close();
    output.close();
  }

  /** What runs the three networks. */
  public List<Batcher<?, ?>> batchers() {
    return List.of(proposal.batcher(), refinement.batcher(), output.batcher());
  }

  private List<Tile> tiles(Pixels picture, CascadeOptions options) {
    List<Tile> tiles = new ArrayList<>();
    for (Level level :
        Pyramid.levels(
            picture.width(), picture.height(), options.smallestFace(), options.pyramidFactor())) {
      tiles.addAll(tiling.cut(picture, level, options.proposal().score()));
    }
    return tiles;
  }

  /** Those of which the picture shows something. */
  private static List<Candidates> visible(List<Pixels> pictures, List<Candidates> candidates) {
    List<Candidates> visible = new ArrayList<>();
    for (int p = 0; p < pictures.size(); p++) {
      Pixels picture = pictures.get(p);
      Candidates all = candidates.get(p);
      visible.add(
          all.select(
              IntStream.range(0, all.size())
                  .filter(i -> Window.under(all, i, picture).isVisible())
                  .toArray()));
    }
    return visible;
  }

  private static List<Window> windows(List<Pixels> pictures, List<Candidates> candidates) {
    List<Window> windows = new ArrayList<>();
    for (int p = 0; p < pictures.size(); p++) {
      for (int i = 0; i < candidates.get(p).size(); i++) {
        windows.add(Window.under(candidates.get(p), i, pictures.get(p)));
      }
    }
    return windows;
  }

  private static BatchTiming sum(BatchTiming... stages) {
    long queueNanos = 0;
    long runNanos = 0;
    int batchSize = 0;
    for (BatchTiming stage : stages) {
      queueNanos += stage.queueNanos();
      runNanos += stage.runNanos();
      batchSize = Math.max(batchSize, stage.batchSize());
    }
    return new BatchTiming(queueNanos, batchSize, runNanos);
  }
}
