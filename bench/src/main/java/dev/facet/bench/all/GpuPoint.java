package dev.facet.bench.all;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a GPU gives; measured by a script of its own, on a machine that has one. */
final class GpuPoint implements Point {

  @Override
  public String name() {
    return "gpu";
  }

  @Override
  public List<Finding> measure(Surroundings surroundings) {
    boolean there = Files.exists(Path.of("/dev/nvidiactl"));
    String why =
        there
            ? "there is a GPU: bench/gpu.sh measures it"
            : "no NVIDIA GPU here; bench/gpu.sh measures it where there is one";
    return List.of(
        Finding.open(name(), "Inception-ResNet-v1 on one H200, faces/s raw", why),
        Finding.open(name(), "served to local gRPC clients, of raw", why));
  }
}
