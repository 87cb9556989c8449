package dev.facet.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model moved to eight bits, served beside the one that it was, and measured against it. */
class QuantizeIT {

  @Test
  void modelInEightBitsServesBesideItsOriginal(@TempDir Path folder) throws Exception {
    assumeTrue(Files.isDirectory(Repository.SHARED.resolve("models")), "no weights");
    Path photos = Files.createDirectory(folder.resolve("photos"));
    Photos.copyTo(photos, 60);
    Path catalogue = Files.writeString(folder.resolve("catalogue.yaml"), "models: []\n");
    String[] store = {
      "--mirror", Repository.SHARED.resolve("models").toString(),
      "--cache", folder.resolve("cache").toString(),
      "--catalogue", catalogue.toString()
    };
    List<String> up = new ArrayList<>(List.of(store));
    up.addAll(List.of("--detector", "yunet", "--embedder", "mobilefacenet"));
    try (Up services = Up.start(folder, up.toArray(String[]::new))) {
      List<String> command =
          new ArrayList<>(List.of("models", "quantize", "mobilefacenet", "--json"));
      command.addAll(List.of("--photos", photos.toString(), "--at", address(services, "detector")));
      command.addAll(List.of(store));
      Command quantized = Command.run(folder, command);
      assertThat(quantized.status()).as(quantized.errors()).isZero();
      JsonObject made = JsonParser.parseString(quantized.output()).getAsJsonObject();
      assertThat(made.get("name").getAsString()).isEqualTo("mobilefacenet-int8");
      assertThat(made.get("layers").getAsInt()).isEqualTo(50);
      assertThat(made.get("calibration_faces").getAsInt()).isEqualTo(48);
      assertThat(made.get("mean_cosine").getAsDouble()).isBetween(0.985, 0.99999);
      assertThat(made.get("bytes").getAsLong()).isLessThan(1_500_000);

      Command again = Command.run(folder, command);
      assertThat(again.status()).isEqualTo(2);
      assertThat(again.errors()).contains("there is a model mobilefacenet-int8 already");

      String embedder = address(services, "embedder");
      Command loaded =
          Command.run(folder, List.of("models", "load", "mobilefacenet-int8", "--at", embedder));
      assertThat(loaded.status()).as(loaded.errors()).isZero();

      // People with several photos, and those calibrated on left out.
      Path images = Files.createDirectory(folder.resolve("images"));
      manyPhotos(images, 12);
      JsonObject pairs =
          services
              .answer(
                  "eval",
                  "pairs",
                  "--images",
                  images.toString(),
                  "--except",
                  photos.toString(),
                  "--models",
                  "mobilefacenet,mobilefacenet-int8")
              .getAsJsonObject();
      JsonArray rows = pairs.getAsJsonArray("models");
      JsonObject exact = rows.get(0).getAsJsonObject();
      JsonObject rounded = rows.get(1).getAsJsonObject();
      assertThat(pairs.get("pairs_of_one_person").getAsInt()).isGreaterThan(12);
      assertThat(exact.get("cosine").getAsDouble()).isBetween(0.999999, 1.000001);
      assertThat(rounded.get("cosine").getAsDouble()).isBetween(0.985, 0.99999);
      assertThat(exact.get("tar_at_far_1e-2").getAsDouble()).isGreaterThan(0.9);
      assertThat(rounded.get("tar_at_far_1e-2").getAsDouble()).isGreaterThan(0.9);
    }
  }

  private static String address(Up services, String name) {
    return services.service(name).get("address").getAsString();
  }

  /** Copies the last so many people, by name, who have three photos or more. */
  private static void manyPhotos(Path target, int people) throws Exception {
    int left = people;
    for (Path person : Photos.people().reversed()) {
      List<Path> photos = Photos.of(person);
      if (left > 0 && photos.size() >= 3) {
        Path folder = Files.createDirectory(target.resolve(person.getFileName().toString()));
        for (Path photo : photos) {
          Files.copy(photo, folder.resolve(photo.getFileName()));
        }
        left--;
      }
    }
  }
}
