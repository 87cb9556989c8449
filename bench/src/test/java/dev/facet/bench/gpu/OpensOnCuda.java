package dev.facet.bench.gpu;

import dev.facet.inference.onnx.CudaTuning;
import dev.facet.inference.onnx.CudaTuning.ConvolutionSearch;
import dev.facet.inference.onnx.ExecutionProvider;
import dev.facet.inference.onnx.OnnxException;
import dev.facet.inference.onnx.OnnxModel;
import dev.facet.inference.onnx.OnnxSettings;
import dev.facet.inference.onnx.ProviderUnavailableException;
import java.nio.file.Path;

/**
 * In a process of its own, which finds CUDA's libraries elsewhere: opens graphs on CUDA with
 * channels first and last, and says for each how that went.
 */
final class OpensOnCuda {

  private OpensOnCuda() {}

  public static void main(String[] graphs) {
    for (String graph : graphs) {
      for (boolean channelsLast : new boolean[] {false, true}) {
        OnnxSettings settings =
            new OnnxSettings(ExecutionProvider.CUDA, 0, 1)
                .tuned(new CudaTuning(channelsLast, ConvolutionSearch.EXHAUSTIVE, 1L << 32, false));
        String what = "%s %s".formatted(Path.of(graph).getFileName(), channelsLast);
        try (OnnxModel _ = OnnxModel.load(Path.of(graph), settings)) {
          System.out.println("opened " + what);
        } catch (OnnxException | ProviderUnavailableException e) {
          System.out.println("refused " + what + ": " + e.getMessage());
        }
      }
    }
  }
}
