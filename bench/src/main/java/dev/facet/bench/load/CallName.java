package dev.facet.bench.load;

import java.util.Locale;

/** What can be called. */
enum CallName {
  DETECT(Service.GATEWAY),
  EMBED(Service.GATEWAY),
  SEARCH(Service.GATEWAY),
  IDENTIFY(Service.GATEWAY),
  ENROLL(Service.GATEWAY),
  ENROLL_STREAM(Service.GATEWAY),
  DETECTOR(Service.DETECTOR),
  DETECTOR_STREAM(Service.DETECTOR),
  EMBEDDER(Service.EMBEDDER),
  EMBEDDER_STREAM(Service.EMBEDDER);

  private final Service service;

  CallName(Service service) {
    this.service = service;
  }

  /** Who answers. */
  enum Service {
    GATEWAY(50051),
    DETECTOR(50052),
    EMBEDDER(50053);

    private final int port;

    Service(int port) {
      this.port = port;
    }

    /** Where it listens unless somebody says otherwise. */
    String address() {
      return "127.0.0.1:" + port;
    }
  }

  Service service() {
    return service;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
