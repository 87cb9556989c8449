package dev.facet.cli;

import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.Image;
import dev.facet.proto.v1.EmbedRequest;
import java.nio.file.Path;
import java.util.List;

/**
 * A detector and an embedding model that are measured together, and what they give.
 *
 * @param options of the detector
 */
record Combination(String detector, DetectionOptions options, PhotoVectors vectors) {

  /**
   * Embeds photos by every combination.
   *
   * <p>Photo by photo and not combination by combination: a name that the services do not know ends
   * it at once, and the time that is left can be told however unequal the combinations are.
   *
   * @param folder that the photos are named from
   */
  static void embed(
      GatewayClient client,
      Path folder,
      List<Path> photos,
      List<Combination> combinations,
      int inFlight,
      Console console) {
    try (ProgressBar progress =
        console.progress("embedding", (long) photos.size() * combinations.size())) {
      InFlight.map(
          photos,
          inFlight,
          photo -> {
            Image image = Photos.image(folder.resolve(photo));
            for (Combination one : combinations) {
              EmbedRequest request =
                  EmbedRequest.newBuilder()
                      .setImage(image)
                      .setOptions(one.options)
                      .setModel(one.vectors.model())
                      .build();
              client
                  .face(stub -> stub.embed(request))
                  .ifPresent(response -> one.vectors.put(photo, response));
              progress.step();
            }
            return photo;
          });
    }
  }
}
