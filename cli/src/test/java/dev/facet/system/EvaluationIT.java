package dev.facet.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The running services recognise people as well as the model file alone. The model's own figures
 * are means over many draws; the bounds here leave room for the spread of one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvaluationIT {
  private Road road;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    road = Road.open(folder);
  }

  @AfterAll
  void stop() {
    if (road != null) {
      road.close();
    }
  }

  /** 0.977 ± 0.007 and 0.004 ± 0.004 over seeds. */
  @Test
  void peopleAreNamedAndStrangersAreNot() throws Exception {
    JsonObject result =
        run(
            "eval",
            "identify",
            "--images",
            Photos.lfw().toString(),
            "--people",
            "300",
            "--seeds",
            "1-1");
    assertThat(result.get("known_correct").getAsDouble()).isGreaterThanOrEqualTo(0.95);
    assertThat(result.get("unknown_named").getAsDouble()).isLessThanOrEqualTo(0.02);
  }

  @Test
  void pairsOfPhotosAreTold() throws Exception {
    JsonObject result =
        run(
            "eval",
            "lfw",
            "--images",
            Photos.lfw().toString(),
            "--fit",
            Photos.lfw().resolve("pairs_train.txt").toString(),
            "--pairs",
            Photos.lfw().resolve("pairs_test.txt").toString());
    assertThat(result.get("accuracy").getAsDouble()).isGreaterThanOrEqualTo(0.99);
    assertThat(result.get("photos_without_face").getAsInt()).isZero();
  }

  private JsonObject run(String... arguments) throws Exception {
    String[] json = Arrays.copyOf(arguments, arguments.length + 1);
    json[arguments.length] = "--json";
    Command command = road.run(json);
    assertThat(command.status()).as(command.errors()).isZero();
    return JsonParser.parseString(command.output()).getAsJsonObject();
  }
}
