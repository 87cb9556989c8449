package dev.facet.bench.load;

import dev.facet.bench.BenchFailure;
import dev.facet.bench.Require;
import dev.facet.proto.type.v1.Crop;
import dev.facet.proto.type.v1.CropSpec;
import dev.facet.proto.type.v1.Priority;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is called, where, and with which photos. */
final class CallOptions {

  @Option(
      names = "--call",
      paramLabel = "NAME",
      required = true,
      description = "Of ${COMPLETION-CANDIDATES}; the last four go past the gateway.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CallName call;

  @Option(
      names = "--at",
      paramLabel = "HOST:PORT",
      description = "The service (default: where facet up starts it).")
  private Optional<String> at = Optional.empty();

  @Option(
      names = "--photos",
      paramLabel = "DIR|FILE",
      description = "Photos to send; repeat it for more. Folders with those below them.")
  private List<Path> sources = List.of();

  @Option(
      names = "--order",
      paramLabel = "HOW",
      defaultValue = "turns",
      description =
          "Photos take turns, or each call draws one: ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE}).")
  private Order order = Order.TURNS;

  @Option(
      names = "--collection",
      paramLabel = "ID",
      description =
          "Searched, or enrolled into. Default: one of its own, with the photos' largest faces in it"
              + " for a search, dropped at the end.")
  private Optional<String> collection = Optional.empty();

  @Option(
      names = "--hits",
      paramLabel = "N",
      defaultValue = "10",
      description = "Faces that a search asks for (default: ${DEFAULT-VALUE}).")
  private int hits;

  @Option(
      names = "--detector",
      paramLabel = "NAME",
      description = "Model that looks for faces (default: the service's).")
  private Optional<String> detector = Optional.empty();

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "Model that embeds (default: the service's).")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--crops",
      paramLabel = "N",
      defaultValue = "1",
      description = "Crops in a call to the embedder (default: ${DEFAULT-VALUE}).")
  private int crops;

  @Option(
      names = "--crops-from",
      paramLabel = "HOST:PORT",
      description = "A detector that cuts them from the photos (default: crops are noise).")
  private Optional<String> cropsFrom = Optional.empty();

  @Option(
      names = "--priority",
      paramLabel = "WHICH",
      defaultValue = "interactive",
      description =
          "Of ${COMPLETION-CANDIDATES}, where a call has one (default: ${DEFAULT-VALUE}).")
  private Urgency urgency = Urgency.INTERACTIVE;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "1",
      description = "Connections that calls take in turn; of streams each has one (default: 1).")
  private int connections;

  @Option(
      names = "--attempts",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Times a call is sent while the service is unavailable, 1 to 5; of more than one, the"
              + " replicas behind a name take turns (default: ${DEFAULT-VALUE}).")
  private int attempts;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "Deadline of a call (default: ${DEFAULT-VALUE}).")
  private double timeoutSeconds;

  /** Which photo comes next. */
  private enum Order {
    TURNS,
    DRAWN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The contract's priority. */
  private enum Urgency {
    INTERACTIVE(Priority.PRIORITY_INTERACTIVE),
    BULK(Priority.PRIORITY_BULK);

    final Priority priority;

    Urgency(Priority priority) {
      this.priority = priority;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  void check() {
    Require.option("--hits", hits >= 1 && hits <= 1000, "1 to 1000");
    Require.option("--crops", crops >= 1 && crops <= 256, "1 to 256");
    Require.option("--connections", connections >= 1 && connections <= 1000, "1 to 1000");
    Require.option("--attempts", attempts >= 1 && attempts <= 5, "1 to 5");
    Require.option("--timeout", timeoutSeconds > 0 && timeoutSeconds <= 600, "up to 600");
    Require.option(
        "--photos",
        !sources.isEmpty() || (call.service() == CallName.Service.EMBEDDER && cropsFrom.isEmpty()),
        "given for this call");
  }

  CallName call() {
    return call;
  }

  String address() {
    return at.orElse(call.service().address());
  }

  int connections() {
    return connections;
  }

  Duration timeout() {
    return Duration.ofNanos((long) (timeoutSeconds * 1e9));
  }

  /** The photos that are sent; null where none are. */
  @Nullable PhotoMix photos(long seed) {
    return sources.isEmpty() ? null : PhotoMix.read(sources, order == Order.DRAWN, seed);
  }

  /**
   * Prepares the calls: connects, fills a collection, cuts crops.
   *
   * @param photos as {@link #photos} read them
   * @throws BenchFailure when the service cannot be reached, or refuses
   */
  Target open(@Nullable PhotoMix photos, long seed) {
    Connections service = new Connections(address(), connections, attempts);
    try {
      service.requireServing();
      if (call.service() == CallName.Service.EMBEDDER) {
        return embedder(service, photos, seed);
      }
      PhotoMix sent = Objects.requireNonNull(photos);
      return call.service() == CallName.Service.DETECTOR
          ? detector(service, sent)
          : gateway(service, sent);
    } catch (RuntimeException e) {
      service.close();
      throw e;
    }
  }

  private Target detector(Connections service, PhotoMix photos) {
    DetectorCalls calls =
        new DetectorCalls(service, photos, detector.orElse(""), urgency.priority, timeout());
    return new Target(
        service, null, call == CallName.DETECTOR ? calls.detect() : calls.detectStream(), "");
  }

  private Target embedder(Connections service, @Nullable PhotoMix photos, long seed) {
    CropSpec spec = EmbedderCalls.cropSpec(service, model.orElse(""));
    List<Crop> pool;
    if (cropsFrom.isEmpty()) {
      pool = EmbedderCalls.drawn(spec, seed);
    } else {
      try (Connections cutter = new Connections(cropsFrom.get(), 1)) {
        pool = EmbedderCalls.cut(cutter, Objects.requireNonNull(photos), spec);
      }
    }
    EmbedderCalls calls =
        new EmbedderCalls(service, pool, crops, model.orElse(""), urgency.priority, timeout());
    return new Target(
        service,
        null,
        call == CallName.EMBEDDER ? calls.embed() : calls.embedStream(),
        "%d of %d crops of %s in each call, %d x %d"
            .formatted(
                crops,
                pool.size(),
                cropsFrom.isEmpty() ? "noise" : "faces",
                spec.getWidth(),
                spec.getHeight()));
  }

  private Target gateway(Connections service, PhotoMix photos) {
    GatewayCalls calls = new GatewayCalls(service, photos, detector.orElse(""), timeout());
    return switch (call) {
      case DETECT -> new Target(service, null, calls.detect(), "");
      case EMBED -> new Target(service, null, calls.embed(model.orElse("")), "");
      case SEARCH -> inCollection(service, photos, id -> calls.search(id, hits));
      case IDENTIFY -> inCollection(service, photos, calls::identify);
      case ENROLL -> inCollection(service, null, id -> calls.enroll(id, urgency.priority));
      default -> inCollection(service, null, id -> calls.enrollStream(id, urgency.priority));
    };
  }

  /**
   * Calls about a collection.
   *
   * @param filling photos that are in it when it is made for this; null when it begins empty
   */
  private Target inCollection(
      Connections service, @Nullable PhotoMix filling, Function<String, Operation> operation) {
    if (collection.isPresent()) {
      return new Target(
          service, null, operation.apply(collection.get()), "collection " + collection.get());
    }
    ScratchCollection scratch = new ScratchCollection(service, model.orElse(""));
    try {
      int faces = filling == null ? 0 : scratch.enroll(filling.photos(), detector.orElse(""));
      return new Target(
          service,
          scratch,
          operation.apply(scratch.id()),
          "a collection of its own, with %,d faces at the beginning".formatted(faces));
    } catch (RuntimeException e) {
      scratch.close();
      throw e;
    }
  }
}
