package dev.facet.detector;

import dev.facet.bootstrap.CurrentCall;
import dev.facet.bootstrap.RequestChecks;
import dev.facet.detector.Canvas.Shape;
import dev.facet.detector.image.Picture;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.batch.BatchResult;
import dev.facet.inference.batch.Batcher;
import dev.facet.inference.batch.Priority;
import dev.facet.inference.batch.Submission;
import dev.facet.inference.metrics.BatchMetrics;
import dev.facet.models.ServedModel;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collections;
import java.util.List;

/** YuNet: one small network, five landmarks; pictures of one canvas shape share its runs. */
final class YuNet implements FaceDetector {
  private final ServedModel model;
  private final Options defaults;
  private final CanvasShapes shapes;
  private final BatchPolicy policy;
  private final YuNetGraph graph;
  private final BatchMetrics metrics;
  private final Batcher<Canvas, List<Face>> batcher;

  /**
   * What counts as a face.
   *
   * @param minScore least confidence, 0 to 1
   * @param minSize least width of the box in pixels of the picture
   * @param maxOverlap greatest intersection over union of two faces, 0 to 1
   * @param maxSide longer side, in pixels, to which larger pictures are shrunk first
   */
  record Options(float minScore, float minSize, float maxOverlap, int maxSide) {}

  YuNet(
      ServedModel model,
      Options defaults,
      CanvasShapes shapes,
      BatchPolicy policy,
      YuNetGraph graph,
      MeterRegistry meters) {
    if (defaults.maxSide() > shapes.longestSide()) {
      throw new IllegalArgumentException(
          "no canvas takes a picture of detect.max-side %d; the largest takes %d"
              .formatted(defaults.maxSide(), shapes.longestSide()));
    }
    this.model = model;
    this.defaults = defaults;
    this.shapes = shapes;
    this.policy = policy;
    this.graph = graph;
    this.metrics = new BatchMetrics(meters, model.id().name(), model.id().version());
    this.batcher = new Batcher<>(model.model().name(), policy, graph, metrics);
    metrics.watch(batcher);
  }

  @Override
  public ServedModel model() {
    return model;
  }

  @Override
  public float minScore() {
    return defaults.minScore();
  }

  @Override
  public Search search(SearchOptions options, RequestChecks checks) {
    Options chosen =
        new Options(
            options.minScore().orElse(defaults.minScore()),
            options.minSize().orElse(defaults.minSize()),
            options.maxOverlap().orElse(defaults.maxOverlap()),
            options.maxSide().orElse(defaults.maxSide()));
    checks
        .count("options.max_side", chosen.maxSide(), 64, shapes.longestSide())
        .expect(
            options.angles().isEmpty(),
            "options.angles",
            "is for MTCNN; this detector searches upright faces")
        .expect(
            options.cascade().isEmpty(), "options.mtcnn", "is for MTCNN; this is another detector");
    return new Search() {
      @Override
      public double step(int width, int height) {
        return Math.max(1, (double) Math.max(width, height) / chosen.maxSide());
      }

      @Override
      public Detection in(Picture picture, Priority priority) {
        return detect(picture, chosen, priority);
      }
    };
  }

  @Override
  public List<Batcher<?, ?>> batchers() {
    return List.of(batcher);
  }

  @Override
  public void warm() {
    for (Shape shape : shapes.all()) {
      List<Integer> sizes = shape.runsAlone() ? List.of(1) : policy.buckets();
      sizes.forEach(size -> graph.run(Collections.nCopies(size, Canvas.blank(shape))));
    }
  }

  @Override
  public void close() {
    batcher.close();
    metrics.close();
    graph.close();
  }

  private Detection detect(Picture picture, Options options, Priority priority) {
    Canvas canvas = shapes.draw(picture, options.maxSide(), options.minScore());
    Submission<List<Face>> submission =
        batcher.submit(List.of(canvas), priority, CurrentCall.deadlineNanos());
    BatchResult<List<Face>> result =
        CurrentCall.await(submission::await, submission::cancel).getFirst();
    List<Face> faces =
        Overlaps.suppress(result.output(), options.maxOverlap()).stream()
            .map(canvas.shown()::inPicture)
            .filter(face -> face.box().width() >= options.minSize())
            .toList();
    return new Detection(faces, result.timing());
  }
}
