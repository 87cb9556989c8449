package dev.facet.models;

import dev.facet.models.graph.ColourOrder;
import dev.facet.models.graph.PixelScale;
import java.util.List;

/** A catalogue of one made-up model, {@code tiny}, whose file is {@code tiny.onnx}. */
final class TinyModel {

  private TinyModel() {}

  static Catalogue catalogue(String sha256, long bytes, Source... sources) {
    return new Catalogue(
        List.of(
            new ModelRecord(
                "tiny",
                "1",
                ModelRecord.ONNX,
                List.of(new ModelFile("tiny.onnx", sha256, FileLength.of(bytes), List.of(sources))),
                new Licence("MIT", "nobody"),
                "made up for this test",
                new Pixels(ColourOrder.RGB, PixelScale.NONE),
                new Task.Detection(new DetectorNetwork.YuNet(32, 0.5, 0.5)))));
  }
}
