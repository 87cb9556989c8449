package dev.facet.detector;

import dev.facet.bootstrap.CurrentCall;
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
  private final SearchOptions defaults;
  private final CanvasShapes shapes;
  private final BatchPolicy policy;
  private final YuNetGraph graph;
  private final BatchMetrics metrics;
  private final Batcher<Canvas, List<Face>> batcher;

  YuNet(
      ServedModel model,
      SearchOptions defaults,
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
  public SearchOptions defaults() {
    return defaults;
  }

  @Override
  public int longestSide() {
    return shapes.longestSide();
  }

  @Override
  public Detection detect(Picture picture, SearchOptions options, Priority priority) {
    Canvas canvas = shapes.draw(picture, options.maxSide(), options.minScore());
    Submission<List<Face>> submission =
        batcher.submit(List.of(canvas), priority, CurrentCall.deadlineNanos());
    BatchResult<List<Face>> result =
        CurrentCall.await(submission::await, submission::cancel).getFirst();
    List<Face> faces =
        Overlaps.suppress(result.output(), options.maxOverlap()).stream()
            .map(face -> face.scaled(canvas.columnStep(), canvas.rowStep()))
            .filter(face -> face.box().width() >= options.minSize())
            .toList();
    return new Detection(faces, result.timing());
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
}
