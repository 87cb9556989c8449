package dev.facet.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /** The standard detector looks for upright faces; a whole turn is none. */
  @ParameterizedTest
  @CsvSource({"90,0,0.2", "360,0.9,1"})
  void searchedPhotosAreTurned(String degrees, double least, double most) throws Exception {
    JsonObject result =
        run(
            "eval",
            "identify",
            "--images",
            Photos.lfw().toString(),
            "--people",
            "40",
            "--seeds",
            "1",
            "--turn",
            degrees);
    assertThat(result.get("known_correct").getAsDouble()).isBetween(least, most);
    assertThat(result.get("detector").getAsString()).isEqualTo("yunet");
  }

  @Test
  void combinationsOfModelsAreRowsOfOneTable(@TempDir Path folder) throws Exception {
    JsonArray rows =
        answer(
                "eval",
                "lfw",
                "--images",
                Photos.lfw().toString(),
                "--fit",
                some("pairs_train.txt", folder).toString(),
                "--pairs",
                some("pairs_test.txt", folder).toString(),
                "--detectors",
                "yunet",
                "--models",
                "edgeface-xs")
            .getAsJsonArray();
    assertThat(rows).hasSize(1);
    JsonObject row = rows.get(0).getAsJsonObject();
    assertThat(row.get("pairs").getAsInt()).isEqualTo(60);
    assertThat(row.get("tar_at_far_1e-3").getAsDouble()).isGreaterThanOrEqualTo(0.9);
  }

  /** The first 30 pairs of each kind. */
  private static Path some(String pairs, Path folder) throws IOException {
    List<String> lines = Files.readAllLines(Photos.lfw().resolve(pairs));
    int all = Integer.parseInt(lines.getFirst().strip());
    List<String> some = new ArrayList<>(List.of("30"));
    some.addAll(lines.subList(1, 31));
    some.addAll(lines.subList(1 + all, 31 + all));
    return Files.write(folder.resolve(pairs), some);
  }

  private JsonObject run(String... arguments) throws Exception {
    return answer(arguments).getAsJsonObject();
  }

  private JsonElement answer(String... arguments) throws Exception {
    String[] json = Arrays.copyOf(arguments, arguments.length + 1);
    json[arguments.length] = "--json";
    Command command = road.run(json);
    assertThat(command.status()).as(command.errors()).isZero();
    return JsonParser.parseString(command.output());
  }
}
