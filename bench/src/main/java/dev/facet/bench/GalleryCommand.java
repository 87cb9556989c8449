package dev.facet.bench;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.facet.bench.GalleryReport.Contents;
import dev.facet.bench.GalleryReport.Store;
import dev.facet.gateway.ledger.UnitVector;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures stores of face vectors against each other and against the truth. */
@Command(
    name = "gallery",
    header = "Galleries of face vectors: what they find, how fast, and what they cost.",
    description = {
      "Draws a gallery of people with 1 to 5 photos each, and photos of some of them that are not in"
          + " it; builds every store from it, deletes some faces, opens the store again from its"
          + " files, and asks it for the ten nearest of each query.",
      "'within' is the share that is found of the faces within --within of a query, which are those"
          + " that recognition needs; recall@1 and recall@10 are shares of the nearest face and of"
          + " the ten nearest, most of whom are strangers at nearly equal distances. The truth is"
          + " the exact distance to every face. p50 and p99 are those of one client; QPS is"
          + " told for each number of clients. A search is the work of one thread, but where the scan"
          + " shares it.",
      "A store's memory is what the process grew by: live objects in the heap, and outside it what is"
          + " resident, files mapped by the store among it (the first store pays some 50 MiB for the"
          + " JVM's compiled code)."
    },
    footer = {
      "",
      "Examples:",
      "  facet bench gallery --vectors 100000",
      "  facet bench gallery --vectors 1000000 --stores scan,lucene --out docs/results",
      "  facet bench gallery --stores scan,milvus --milvus http://127.0.0.1:19530",
      "",
      "FACET_BENCH_HEAP (3g) is the heap of the process."
    })
final class GalleryCommand implements Callable<Integer> {

  private static final Gson GSON =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .disableHtmlEscaping()
          .create();

  /** Stores that can be measured. */
  enum StoreName {
    SCAN,
    LUCENE,
    MILVUS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--vectors",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Faces in the gallery (default: ${DEFAULT-VALUE}).")
  private int vectors;

  @Option(
      names = "--queries",
      paramLabel = "N",
      defaultValue = "400",
      description = "People who are looked for (default: ${DEFAULT-VALUE}).")
  private int queries;

  @Option(
      names = "--deleted",
      paramLabel = "SHARE",
      defaultValue = "0.01",
      description = "Faces deleted after building (default: ${DEFAULT-VALUE}).")
  private double deleted;

  @Option(
      names = "--within",
      paramLabel = "DISTANCE",
      defaultValue = "1.25",
      description = "Squared distance that counts as near (default: ${DEFAULT-VALUE}).")
  private double within;

  @Option(
      names = "--stores",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "scan,lucene",
      description = "Of ${COMPLETION-CANDIDATES}, in this order (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private List<StoreName> stores;

  @Option(
      names = "--ef",
      split = ",",
      paramLabel = "N",
      defaultValue = "64,128,256,512",
      description =
          "Candidates that an approximate store looks for, each tried (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private List<Integer> efforts;

  @Option(
      names = "--clients",
      split = ",",
      paramLabel = "N",
      defaultValue = "2,8",
      description = "Clients at a time, tried after one alone (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private List<Integer> clients;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "3",
      description = "How long each of these searches (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Threads that draw, share a scan and merge; 0: one for each processor.")
  private int threads;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      defaultValue = "${sys:java.io.tmpdir}",
      description = "Where files lie meanwhile: about 7 KB a face (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path work;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Also write gallery-N.json, .md and .svg (a plot) there.")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  @Mixin private final DrawOptions draw = new DrawOptions();
  @Mixin private final MilvusOptions milvus = new MilvusOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec command;

  @Override
  public Integer call() {
    check();
    FaceFactors factors = draw.factors();
    try (Scratch scratch = new Scratch(work)) {
      GalleryReport report = measure(factors, scratch);
      PrintWriter answer = command.commandLine().getOut();
      if (json) {
        answer.println(GSON.toJson(report));
      } else {
        ReportText text = new ReportText(report);
        text.head().forEach(answer::println);
        answer.println();
        TextTable.aligned(text.searches()).forEach(answer::println);
        answer.println();
        TextTable.aligned(text.stores()).forEach(answer::println);
      }
      answer.flush();
      if (out != null) {
        write(report, out);
      }
    }
    return 0;
  }

  private void check() {
    Require.option("--vectors", vectors >= 100 && vectors <= 10_000_000, "100 to 10,000,000");
    Require.option(
        "--queries", queries >= 1 && queries <= vectors / 5, "1 to a fifth of --vectors");
    Require.option("--deleted", deleted >= 0 && deleted <= 0.5, "0 to 0.5");
    Require.option("--within", within > 0 && within <= 4, "more than 0 and at most 4");
    Require.option("--ef", efforts.stream().allMatch(n -> n >= 10 && n <= 10_000), "10 to 10,000");
    Require.option("--clients", clients.stream().allMatch(n -> n >= 1 && n <= 1000), "1 to 1000");
    Require.option("--seconds", seconds >= 0 && seconds <= 3600, "0 to 3600");
    Require.option("--threads", threads >= 0 && threads <= 1000, "0 to 1000");
  }

  private GalleryReport measure(FaceFactors factors, Scratch scratch) {
    Machine machine = Machine.here();
    int workers = threads == 0 ? machine.processors() : threads;
    Draw drawn =
        Draw.of(new FaceVectors(factors, draw.seed()), vectors, queries, deleted, draw.seed());
    List<UnitVector> asked = drawn.queries();
    Path file = scratch.file("vectors");
    Truth truth;
    try (VectorFile rows = VectorFile.open(file, vectors)) {
      note("drawing %,d faces from %s".formatted(vectors, factors.source()));
      double drawing = GalleryTrial.seconds(() -> drawn.write(rows, workers));
      note("drawn in %.1f s; comparing each with every query".formatted(drawing));
      truth = Truth.of(rows, drawn.deleted(), asked, within, workers);
    }
    GalleryTrial trial =
        new GalleryTrial(
            file,
            vectors,
            drawn.deleted(),
            asked,
            truth,
            within,
            clients,
            Duration.ofNanos((long) (seconds * 1e9)),
            this::note);
    List<Store> measured = new ArrayList<>();
    for (StoreName store : stores) {
      measured.add(trial.run(opened(store, scratch, workers)));
    }
    return new GalleryReport(machine, contents(drawn, factors, truth), measured);
  }

  private Supplier<GalleryUnderTest> opened(StoreName store, Scratch scratch, int workers) {
    return switch (store) {
      case SCAN -> () -> FacetUnderTest.scan(scratch.file("scan"), workers);
      case MILVUS -> () -> FacetUnderTest.milvus(milvus, efforts);
      case LUCENE -> () -> new LuceneUnderTest(scratch.file("lucene"), workers, efforts);
    };
  }

  private Contents contents(Draw drawn, FaceFactors factors, Truth truth) {
    return new Contents(
        vectors,
        drawn.people(),
        FaceFactors.DIMENSION,
        drawn.deleted().cardinality(),
        truth.answers().size(),
        draw.seed(),
        factors.source(),
        within,
        truth.within(within));
  }

  private void write(GalleryReport report, Path folder) {
    String name = "gallery-" + vectors;
    String plot = name + ".svg";
    write(folder.resolve(name + ".json"), GSON.toJson(report) + "\n");
    write(folder.resolve(plot), RecallPlot.svg(report));
    write(folder.resolve(name + ".md"), new ReportText(report).page(plot));
  }

  private void write(Path file, String text) {
    Program.write(file, text);
    note("wrote " + file);
  }

  private void note(String text) {
    PrintWriter err = command.commandLine().getErr();
    err.println(text);
    err.flush();
  }
}
