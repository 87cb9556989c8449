package dev.facet.example;

import static java.util.Comparator.comparingDouble;

import dev.facet.pipeline.FacePipeline;
import dev.facet.pipeline.FaceVector;
import dev.facet.pipeline.RecognisedFace;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Says whom each face of a photo resembles most, out of a folder of photos NAME.jpg. */
record NearestNames(FacePipeline pipeline, Map<String, FaceVector> people) {

  public static void main(String[] args) throws IOException {
    try (FacePipeline pipeline = FacePipeline.builder().open()) {
      NearestNames names = NearestNames.of(pipeline, Path.of(args[0]));
      for (RecognisedFace face : pipeline.faces(Files.readAllBytes(Path.of(args[1])))) {
        System.out.println(face.box() + " " + names.nearest(face));
      }
    }
  }

  static NearestNames of(FacePipeline pipeline, Path folder) throws IOException {
    Map<String, FaceVector> people = new HashMap<>();
    try (DirectoryStream<Path> photos = Files.newDirectoryStream(folder, "*.jpg")) {
      for (Path photo : photos) {
        String name = photo.getFileName().toString().replace(".jpg", "");
        pipeline.embed(Files.readAllBytes(photo)).ifPresent(face -> people.put(name, face));
      }
    }
    return new NearestNames(pipeline, people);
  }

  String nearest(RecognisedFace face) {
    return people.entrySet().stream()
        .map(one -> Map.entry(one.getKey(), face.vector().squaredDistance(one.getValue())))
        .filter(one -> one.getValue() <= pipeline.matchThreshold())
        .min(comparingDouble(Map.Entry::getValue))
        .map(one -> "%s, squared distance %.3f".formatted(one.getKey(), one.getValue()))
        .orElse("nobody of this folder");
  }
}
