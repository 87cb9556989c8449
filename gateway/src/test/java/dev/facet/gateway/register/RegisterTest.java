package dev.facet.gateway.register;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.gateway.gallery.FaceSearch;
import dev.facet.gateway.gallery.ForwardingGallery;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.GalleryFollower;
import dev.facet.gateway.gallery.scan.ScanGallery;
import dev.facet.gateway.ledger.CollectionKey;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.LiveFace;
import dev.facet.gateway.ledger.Samples;
import dev.facet.gateway.ledger.SettableClock;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * V07 within one process, over a gallery that forgets to delete, as a late writer of a shared one
 * may: only the ledger's word on who is alive stands between its rows and the answer.
 */
class RegisterTest {
  private static final Duration POLL = Duration.ofMillis(5);
  private static final int DIMENSION = 256;

  @TempDir Path directory;

  private RegisterLoad.Report run(boolean checkIsOn, Duration time) throws Exception {
    long seed = System.nanoTime();
    System.out.println("RegisterTest: seed " + seed);
    try (Ledger ledger = Ledger.sqlite(directory.resolve("ledger.db"), new SettableClock());
        Gallery gallery = new ForgetfulGallery();
        GalleryFollower follower = new GalleryFollower(ledger, gallery, POLL)) {
      ledger.createTenant("default");
      FaceCollection people =
          ledger.createCollection(
              new CollectionKey("default", "people"), Samples.MODEL, DIMENSION, Samples.DETAILS);
      FaceSearch search = new FaceSearch(checkIsOn ? ledger : believing(ledger), gallery);
      Register register = new LedgerRegister(ledger, people, follower, search);
      return new RegisterLoad(List.of(register), "f").run(time, seed);
    }
  }

  @Test
  void everyReadIsExplained() throws Exception {
    RegisterLoad.Report report = run(true, Duration.ofSeconds(3));
    assertThat(report.steps()).isGreaterThan(200);
    assertThat(report.unknown()).isZero();
    assertThat(report.faults()).isEmpty();
  }

  @Test
  void checkerFindsDeletedFacesWhenTheLedgerIsNotAsked() throws Exception {
    assertThat(run(false, Duration.ofSeconds(1)).faults()).isNotEmpty();
  }

  private static final class ForgetfulGallery extends ForwardingGallery {
    private final ScanGallery scan = ScanGallery.inMemory();

    @Override
    protected Gallery gallery() {
      return scan;
    }

    @Override
    public void delete(FaceCollection collection, List<Long> keys) {}
  }

  /** A ledger that takes every face that is asked about for alive. */
  private static Ledger believing(Ledger ledger) {
    return (Ledger)
        Proxy.newProxyInstance(
            Ledger.class.getClassLoader(),
            new Class<?>[] {Ledger.class},
            (_, method, arguments) -> {
              if (method.getName().equals("live")) {
                return ((Collection<?>) arguments[1])
                    .stream()
                        .map(Long.class::cast)
                        .collect(toMap(key -> key, key -> new LiveFace("f", "s", "", key)));
              }
              try {
                return method.invoke(ledger, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
