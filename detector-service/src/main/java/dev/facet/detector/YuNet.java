package dev.facet.detector;

import dev.facet.bootstrap.CurrentCall;
import dev.facet.detector.Canvas.Pixels;
import dev.facet.detector.Canvas.Shape;
import dev.facet.detector.image.Picture;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.batch.BatchResult;
import dev.facet.inference.batch.Batcher;
import dev.facet.inference.batch.Priority;
import dev.facet.inference.batch.Submission;
import dev.facet.inference.metrics.BatchMetrics;
import dev.facet.inference.onnx.OnnxModel;
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
  private final OnnxModel onnx;
  private final YuNetGraph graph;
  private final Batcher<Canvas, List<Face>> batcher;

  YuNet(
      ServedModel model,
      SearchOptions defaults,
      CanvasShapes shapes,
      BatchPolicy policy,
      OnnxModel onnx,
      MeterRegistry meters) {
    this.model = model;
    this.defaults = defaults;
    this.shapes = shapes;
    this.policy = policy;
    this.onnx = onnx;
    this.graph = new YuNetGraph(onnx);
    BatchMetrics metrics = new BatchMetrics(meters, model.model().name());
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
  public Detection detect(Picture picture, SearchOptions options, Priority priority) {
    Canvas canvas = shapes.draw(picture, options.maxSide(), options.minScore());
    Submission<List<Face>> submission =
        batcher.submit(List.of(canvas), priority, CurrentCall.deadlineNanos());
    BatchResult<List<Face>> result =
        CurrentCall.await(submission::await, submission::cancel).getFirst();
    float horizontally = (float) picture.width() / canvas.shownWidth();
    float vertically = (float) picture.height() / canvas.shownHeight();
    List<Face> faces =
        Overlaps.suppress(result.output(), options.maxOverlap()).stream()
            .map(face -> face.scaled(horizontally, vertically))
            .filter(face -> face.box().width() >= options.minSize())
            .toList();
    return new Detection(faces, result.timing());
  }

  @Override
  public void warm() {
    for (Shape shape : shapes.all()) {
      Canvas blank = new Canvas(shape, new Pixels(new byte[shape.bytes()]), 1, 1, 1);
      for (int size : policy.buckets()) {
        graph.run(Collections.nCopies(size, blank));
      }
    }
  }

  @Override
  public void close() {
    batcher.close();
    onnx.close();
  }
}
