package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.facet.models.Catalogue;
import dev.facet.models.ModelChoice;
import dev.facet.models.ModelRecord;
import dev.facet.models.ModelStore;
import dev.facet.models.ModelUnavailableException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands and choices about models, with a mirror that holds nothing. */
class ModelsTest {

  @TempDir private Path folder;

  private ModelStore store() {
    return new ModelStore(
        Catalogue.bundled(), folder.resolve("cache"), Optional.of(folder.resolve("mirror")));
  }

  private Facet models(String... arguments) {
    List<String> words = new ArrayList<>(List.of("models"));
    words.addAll(List.of(arguments));
    words.addAll(
        List.of(
            "--cache",
            folder.resolve("cache").toString(),
            "--mirror",
            folder.resolve("mirror").toString()));
    return Facet.run(words.toArray(String[]::new));
  }

  @Test
  void theListShowsLicencesAndWhatIsHere() {
    Facet run = models("list");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .containsPattern("edgeface-xs +embedder .*BSD-3-Clause +3.0 MB +absent")
        .contains("kept in " + folder.resolve("cache"));
    JsonArray listed = models("list", "--json").json().getAsJsonArray("models");
    assertThat(listed).hasSize(Catalogue.bundled().models().size());
    JsonObject mtcnn = listed.get(1).getAsJsonObject();
    assertThat(mtcnn.get("attribution").getAsString()).contains("Timothy Esler");
    assertThat(mtcnn.getAsJsonArray("sources"))
        .hasToString("[\"mirror\",\"upstream\",\"registry\"]");
    assertThat(mtcnn.keySet()).contains("name", "task", "version", "licence", "bytes", "presence");
  }

  @Test
  void aModelThatCannotBeHadIsANegativeAnswer() {
    Facet run = models("pull", "edgeface-xs");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("edgeface_xs_q.pt");
  }

  @Test
  void aModelThatIsUnknownIsMisuse() {
    Facet run = models("verify", "eigenfaces");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("edgeface-xs");
  }

  @Test
  void aModelAskedForByNameMustBeThere() {
    assertThat(models("verify", "edgeface-xs").exitCode()).isEqualTo(1);
    assertThat(models("verify").exitCode()).isZero();
  }

  @Test
  void theFirstModelThatCanBeHadIsTaken() {
    ModelStore store = store();
    List<ModelRecord> embedders = store.catalogue().embedders();
    ModelChoice first = ModelChoice.of(store, embedders, Optional.empty(), model -> {});
    assertThat(first.model()).isEqualTo(embedders.getFirst());
    assertThat(first.why()).isEqualTo("first in preference");

    ModelChoice second =
        ModelChoice.of(
            store,
            embedders,
            Optional.empty(),
            model -> {
              if (model.equals(embedders.getFirst())) {
                store.fetch("edgeface-xs", (done, total) -> {});
              }
            });
    assertThat(second.model()).isEqualTo(embedders.get(1));
    assertThat(second.why()).isEqualTo("the next after edgeface-xs, which cannot be had");
  }

  @Test
  void aModelThatWasAskedForIsTakenOrNone() {
    ModelStore store = store();
    List<ModelRecord> embedders = store.catalogue().embedders();
    assertThat(
            ModelChoice.of(store, embedders, Optional.of("mobilefacenet"), model -> {})
                .model()
                .name())
        .isEqualTo("mobilefacenet");
    assertThatThrownBy(
            () ->
                ModelChoice.of(
                    store,
                    embedders,
                    Optional.of("edgeface-xs"),
                    model -> store.fetch(model.name(), (done, total) -> {})))
        .isInstanceOf(ModelUnavailableException.class);
    assertThatThrownBy(() -> ModelChoice.of(store, embedders, Optional.of("yunet"), model -> {}))
        .hasMessageContaining("yunet is not one of [edgeface-xs, mobilefacenet");
  }
}
