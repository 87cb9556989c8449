package dev.facet.pipeline;

import static java.util.Comparator.comparingDouble;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says whom the faces of a photo resemble most, out of a folder of photos called by names. */
final class NearestNames {

  /** {@code java NearestNames people/ photo.jpg} */
  public static void main(String[] args) throws IOException {
    try (FacePipeline pipeline = FacePipeline.builder().open()) {
      lines(pipeline, Path.of(args[0]), Path.of(args[1])).forEach(System.out::println);
    }
  }

  static List<String> lines(FacePipeline pipeline, Path folder, Path photo) throws IOException {
    Map<String, FaceVector> people = new HashMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jpg")) {
      for (Path file : files) {
        String name = file.getFileName().toString().replace(".jpg", "");
        pipeline.embed(Files.readAllBytes(file)).ifPresent(face -> people.put(name, face));
      }
    }
    return pipeline.faces(Files.readAllBytes(photo)).stream()
        .map(face -> nearest(pipeline, people, face))
        .toList();
  }

  private static String nearest(
      FacePipeline pipeline, Map<String, FaceVector> people, RecognisedFace face) {
    return people.entrySet().stream()
        .map(one -> Map.entry(one.getKey(), face.vector().squaredDistance(one.getValue())))
        .filter(one -> one.getValue() <= pipeline.matchThreshold())
        .min(comparingDouble(Map.Entry::getValue))
        .map(one -> "%s, squared distance %.3f".formatted(one.getKey(), one.getValue()))
        .orElse("nobody in this folder");
  }
}
