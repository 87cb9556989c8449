package dev.facet.bench.all;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/**
 * A service that runs.
 *
 * @param address host:port of its calls
 * @param admin address of its probes and metrics
 */
public record Service(String address, String admin, long pid) {

  /** Address of its metrics. */
  public String metrics() {
    return admin + "/metrics";
  }

  /** Whether it says so now. */
  boolean ready() {
    try {
      HttpURLConnection probe =
          (HttpURLConnection) URI.create(admin + "/readyz").toURL().openConnection();
      probe.setConnectTimeout(200);
      probe.setReadTimeout(2000);
      return probe.getResponseCode() == 200;
    } catch (IOException e) {
      return false; // nobody listens yet
    }
  }
}
