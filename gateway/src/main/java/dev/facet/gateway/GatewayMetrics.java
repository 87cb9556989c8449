package dev.facet.gateway;

import dev.facet.gateway.gallery.GalleryFollower;
import dev.facet.gateway.ledger.Ledger;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** What the gateway counts: faces stored, faces searched, decisions, and how far the gallery is. */
final class GatewayMetrics {
  private final MeterRegistry registry;

  GatewayMetrics(MeterRegistry registry, Ledger ledger, GalleryFollower follower) {
    this.registry = registry;
    Gauge.builder("facet.ledger.sequence", ledger, Ledger::sequence)
        .description("Sequence number of the ledger's newest change")
        .register(registry);
    Gauge.builder("facet.gallery.lag", () -> ledger.sequence() - follower.position())
        .description("Changes of the ledger that the gallery has not followed yet")
        .register(registry);
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
