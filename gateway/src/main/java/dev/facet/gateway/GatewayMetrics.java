package dev.facet.gateway;

import dev.facet.gateway.gallery.GalleryFollower;
import dev.facet.gateway.jobs.RecallReport;
import dev.facet.gateway.ledger.Ledger;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** What the gateway counts: faces stored, faces searched, decisions, and how far the gallery is. */
final class GatewayMetrics {
  private final MeterRegistry registry;
  private final MultiGauge recall;
  private final Map<String, RecallReport> recalls = new ConcurrentSkipListMap<>();

  GatewayMetrics(MeterRegistry registry, Ledger ledger, GalleryFollower follower) {
    this.registry = registry;
    recall =
        MultiGauge.builder("facet.gallery.recall")
            .description(
                "Share of the faces there are that the gallery found when it was last measured")
            .register(registry);
    Gauge.builder("facet.ledger.sequence", ledger, Ledger::sequence)
        .description("Sequence number of the ledger's newest change")
        .register(registry);
    Gauge.builder("facet.gallery.lag", () -> ledger.sequence() - follower.position())
        .description("Changes of the ledger that the gallery has not followed yet")
        .register(registry);
  }

  /** What was measured of a collection last. */
  synchronized void recalled(String collectionId, RecallReport report) {
    recalls.put(collectionId, report);
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    recalls.forEach(
        (collection, last) -> {
          rows.add(row(collection, "threshold", last.threshold()));
          rows.add(row(collection, "first", last.first()));
          rows.add(row(collection, "ten", last.ten()));
        });
    recall.register(rows, /* overwrite= */ true);
  }

  private static MultiGauge.Row<?> row(String collection, String kind, double share) {
    return MultiGauge.Row.of(Tags.of("collection", collection, "kind", kind), share);
  }

  void enrolled(int faces, boolean replayed) {
    count("facet.faces.enrolled", "Faces of enrolments", "replayed", Boolean.toString(replayed))
        .increment(faces);
  }

  void searched(String call, int faces) {
    count("facet.faces.searched", "Faces asked about", "call", call).increment(faces);
  }

  void decided(Decision decision) {
    count(
            "facet.decisions",
            "What calls made of a face",
            "decision",
            decision.name().toLowerCase(Locale.ROOT))
        .increment();
  }

  private Counter count(String name, String description, String tag, String value) {
    return Counter.builder(name).description(description).tag(tag, value).register(registry);
  }
}
