package dev.facet.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.facet.models.Alignment;
import dev.facet.models.Catalogue;
import dev.facet.models.CropGeometry;
import dev.facet.models.ModelRecord;
import dev.facet.models.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Converting, adding and freezing models, with real files where there are any. */
class ModelsOfOnesOwnTest {

  @TempDir private Path folder;

  @Test
  void partsOfACascadeBecomeCheckedGraphs() throws Exception {
    Facet run = convert("mtcnn", "both", file("pnet.pt"), file("rnet.pt"), file("onet.pt"));

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    JsonArray graphs = run.json().getAsJsonArray("graphs");
    assertThat(values(graphs, "part"))
        .containsExactly("pnet", "rnet", "onet", "pnet", "rnet", "onet");
    JsonObject onet = graphs.get(2).getAsJsonObject();
    assertThat(onet.getAsJsonArray("inputs")).hasToString("[\"image float32 [N, 48, 48, 3]\"]");
    assertThat(onet.getAsJsonArray("outputs").toString()).contains("landmarks float32 [N, 10]");
    assertThat(names(folder.resolve("out")))
        .containsExactlyInAnyOrder(
            "mtcnn-pnet.served.onnx",
            "mtcnn-rnet.served.onnx",
            "mtcnn-onet.served.onnx",
            "mtcnn-pnet-fp16.served.onnx",
            "mtcnn-rnet-fp16.served.onnx",
            "mtcnn-onet-fp16.served.onnx");
  }

  @Test
  void knownOnnxFileBecomesAUnitEmbedder() {
    Facet run = convert("onnx", "fp16", file("mobilefacenet_foamliu.onnx"));

    assertThat(run.exitCode()).isZero();
    JsonObject graph = run.json().getAsJsonArray("graphs").get(0).getAsJsonObject();
    assertThat(graph.getAsJsonArray("inputs")).hasToString("[\"image uint8 [N, 112, 112, 3]\"]");
    assertThat(graph.getAsJsonArray("outputs")).hasToString("[\"embedding float32 [N, 128]\"]");
    assertThat(graph.get("file").getAsString()).endsWith("mobilefacenet-fp16.served.onnx");
  }

  @Test
  void helpListsTheArchitectures() {
    assertThat(Facet.run("models", "convert", "--help").out())
        .contains("onnx", "mtcnn", "inception-resnet-v1", "dlib-resnet", "edgeface-xs");
  }

  /** A pickle that would call os.system, one of another network, half a file, and none. */
  @ParameterizedTest
  @CsvSource({
    "hostile, dlib-resnet, posix.system",
    "pnet.pt, inception-resnet-v1, the checkpoint has no tensor",
    "half, edgeface-xs, PyTorch checkpoint",
    "text, edgeface-xs, is no checkpoint",
    "pnet.pt, mtcnn, 'has the parts pnet, rnet, onet'"
  })
  void hostileAndWrongFilesAreRefusedInOneLine(String name, String architecture, String words)
      throws Exception {
    Path file =
        switch (name) {
          case "hostile" -> write("\u0080\u0002cposix\nsystem\nX\u0002\0\0\0id\u0085R.");
          case "text" -> write("weights");
          case "half" -> {
            byte[] whole = Files.readAllBytes(file("edgeface_xs_q.pt"));
            yield Files.write(folder.resolve("half.pt"), Arrays.copyOf(whole, whole.length / 2));
          }
          default -> file(name);
        };

    Facet run = convert(architecture, "fp32", file);

    assertThat(run.exitCode()).isEqualTo(65);
    assertThat(run.err()).startsWith("facet: ").contains(words).hasLineCount(1);
    assertThat(names(folder.resolve("out"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "vgg, 2, architecture 'vgg' is unknown; known are onnx",
    "onnx, 2, no model of the catalogue has the file",
    "dlib-resnet, 74, no such file"
  })
  void whatMakesNoSenseToConvertIsSaid(String architecture, int exitCode, String words)
      throws Exception {
    Path file = exitCode == 74 ? folder.resolve("none") : write("weights");

    Facet run = convert(architecture, "fp32", file);

    assertThat(run.exitCode()).isEqualTo(exitCode);
    assertThat(run.err()).contains(words);
  }

  @Test
  void addedModelIsKeptCatalogedAndListed() {
    Facet run =
        add(
            "--name",
            "mine",
            "--mean",
            "123.675,116.28,103.53",
            "--deviation",
            "58.395,57.12,57.375");

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonObject added = run.json();
    assertThat(added.get("dimension").getAsInt()).isEqualTo(128);
    assertThat(added.get("millis_of_eight").getAsDouble()).isPositive();
    assertThat(run.err()).contains("colour order, rgb or bgr: rgb (--colours)");
    assertThat(Path.of(added.get("file").getAsString()))
        .hasSameBinaryContentAs(file("mobilefacenet_foamliu.onnx"))
        .hasFileName("mine-1.onnx");
    ModelRecord mine = Catalogue.read(catalogue()).model("mine");
    // What the bundled entry says of the same file, so that vectors of both are the same.
    assertThat(mine.id().preprocessingSha256())
        .isEqualTo(Catalogue.bundled().model("mobilefacenet").id().preprocessingSha256());
    assertThat(models("list", "--json").json().getAsJsonArray("models").toString())
        .contains("{\"name\":\"mine\",\"task\":\"embedder\"", "\"presence\":\"intact\"");
    assertThat(models("verify", "mine").exitCode()).isZero();
  }

  @Test
  void nameThatIsTakenNeedsReplace() {
    assertThat(add("--name", "mine").exitCode()).isZero();

    Facet again = add("--name", "mine", "--version", "2");
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).contains("there is a model mine already", "--replace");
    assertThat(add("--name", "yunet").exitCode()).isEqualTo(2);

    assertThat(add("--name", "mine", "--version", "2", "--replace").exitCode()).isZero();
    assertThat(Catalogue.read(catalogue()).models())
        .extracting(ModelRecord::version)
        .containsExactly("2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--size=96x112          | --size: the file fixes 112x112, not 96x112",
        "--colours=grb          | --colours: colours are rgb or bgr, not 'grb'",
        "--deviation=0          | --deviation: deviation must be positive",
        "--mean=1,2             | --mean: one number, or three",
        "--align=eyes           | --align: alignment is arcface, dlib or box=FRACTION",
        "--align=box=9          | --align: alignment.box-margin must be 0 to 2",
        "--threshold=5          | --threshold: embedder.match-threshold must be between 0 and 4",
        "--licence=as you like  | --licence: licence.spdx must be an SPDX identifier",
        "--name=My Model        | --name: name must match",
      })
  void wrongOptionsAreNamedAndNothingIsWritten(String option, String message) {
    Facet run = add(option);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("facet: " + message);
    assertThat(catalogue()).doesNotExist();
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  void fileThatIsNoEmbedderIsRefused() throws Exception {
    Facet detector = models("add", file("yunet_n_dynamic.onnx").toString(), "--yes");
    Facet text = models("add", write("no graph").toString(), "--yes");

    assertThat(detector.exitCode()).isEqualTo(65);
    assertThat(detector.err())
        .contains("an embedder has one output, this graph 12")
        .hasLineCount(1);
    assertThat(text.exitCode()).isEqualTo(65);
    assertThat(text.err()).contains("not an ONNX file").hasLineCount(1);
    assertThat(catalogue()).doesNotExist();
  }

  @Test
  void templatesScaleWithTheCrop() {
    CropGeometry crop = EmbedderWords.crop("arcface", new EmbedderWords.Size(224, 112));

    Task.Embedding known = (Task.Embedding) Catalogue.bundled().model("mobilefacenet").task();
    Alignment.Template template = (Alignment.Template) known.crop().alignment();
    assertThat(crop.alignment()).isEqualTo(template.scaled(2, 1));
    assertThat(((Alignment.Template) crop.alignment()).nose().x())
        .isEqualTo(2 * template.nose().x());
    assertThat(EmbedderWords.crop("box=0.25", new EmbedderWords.Size(160, 160)).alignment())
        .isEqualTo(new Alignment.BoxMargin(0.25));
  }

  @Test
  void bundleTakesWhatCanBeHadAndNamesTheRest() throws Exception {
    assertThat(add("--name", "mine").exitCode()).isZero();
    Path bundle = folder.resolve("bundle");

    Facet run = models("bundle", bundle.toString(), "--json", "--sources", "mirror");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.json().getAsJsonArray("models").toString())
        .contains("mine", "yunet", "mtcnn", "mobilefacenet");
    assertThat(values(run.json().getAsJsonArray("left_out"), "name")).contains("facenet");
    assertThat(run.err()).contains("left out facenet: mirror: no file");
    assertThat(Catalogue.read(bundle.resolve("catalogue.yaml")).models())
        .extracting(ModelRecord::name)
        .containsExactly("mine");

    Facet elsewhere =
        Facet.run(
            "models",
            "pull",
            "mine",
            "yunet",
            "--mirror",
            bundle.toString(),
            "--catalogue",
            bundle.resolve("catalogue.yaml").toString(),
            "--cache",
            folder.resolve("other").toString(),
            "--sources",
            "mirror");
    assertThat(elsewhere.exitCode()).as(elsewhere.err()).isZero();
  }

  @Test
  void modelThatIsNamedMustBeInTheBundle() {
    assertThat(add("--name", "mine").exitCode()).isZero();

    Facet run =
        models("bundle", folder.resolve("bundle").toString(), "facenet", "--sources", "mirror");

    assertThat(run.exitCode()).isEqualTo(69);
    assertThat(run.err()).contains("facenet");
  }

  private Facet add(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("add", file("mobilefacenet_foamliu.onnx").toString(), "--yes", "--json"));
    words.addAll(List.of(more));
    return models(words.toArray(String[]::new));
  }

  private Facet models(String... arguments) {
    List<String> words = new ArrayList<>(List.of("models"));
    words.addAll(List.of(arguments));
    words.addAll(List.of("--cache", folder.resolve("cache").toString()));
    words.addAll(List.of("--catalogue", catalogue().toString()));
    if (!arguments[0].equals("add")) {
      words.addAll(List.of("--mirror", SharedModels.folder().toString()));
    }
    return Facet.run(words.toArray(String[]::new));
  }

  private Path catalogue() {
    return folder.resolve("catalogue.yaml");
  }

  private Facet convert(String architecture, String precision, Path... files) {
    List<String> words = new ArrayList<>(List.of("models", "convert"));
    Stream.of(files).map(Path::toString).forEach(words::add);
    words.addAll(List.of("--as", architecture, "--precision", precision, "--json"));
    words.addAll(List.of("--out", folder.resolve("out").toString()));
    return Facet.run(words.toArray(String[]::new));
  }

  private Path write(String bytes) throws Exception {
    return Files.write(folder.resolve("file"), bytes.getBytes(ISO_8859_1));
  }

  private static List<String> names(Path directory) throws Exception {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static List<String> values(JsonArray list, String key) {
    List<String> values = new ArrayList<>();
    for (JsonElement element : list) {
      values.add(element.getAsJsonObject().get(key).getAsString());
    }
    return values;
  }

  private static Path file(String name) {
    assumeTrue(
        Files.isDirectory(SharedModels.folder()), "needs the model files in FACET_SHARED/models");
    return SharedModels.folder().resolve(name);
  }
}
