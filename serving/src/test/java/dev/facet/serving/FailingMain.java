package dev.facet.serving;

import dev.facet.bootstrap.ErrorTable;
import dev.facet.bootstrap.Group;
import dev.facet.bootstrap.ServerSettings;
import dev.facet.bootstrap.ServiceHost;
import dev.facet.bootstrap.Settings;
import dev.facet.inference.batch.BatchListener;
import dev.facet.inference.batch.BatchModel;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.batch.Batcher;
import dev.facet.inference.batch.DeviceException;
import dev.facet.inference.batch.Priority;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A service without a method, for {@link WatchdogProcessTest}, whose model fails in the way that
 * the first argument names when a line comes in: {@code lost}, {@code stuck} or {@code slow}, which
 * ends with the next line. The other arguments are settings.
 */
final class FailingMain {

  private FailingMain() {}

  record Knobs(
      @Group(
              inline = true,
              defaults = {"grpc.port=0", "admin.port=0"})
          ServerSettings server,
      WatchdogSettings watchdog) {}

  public static void main(String... args) throws Exception {
    Knobs settings = Settings.load(Knobs.class, Arrays.copyOfRange(args, 1, args.length));
    try (ServiceHost host = ServiceHost.open("failing", settings.server());
        Batcher<Integer, Integer> batcher =
            new Batcher<>("m", BatchPolicy.of(1, 1), model(args[0]), BatchListener.SILENT);
        Watchdog _ = Watchdog.start(settings.watchdog(), () -> List.of(batcher), host)) {
      host.serve(ErrorTable.standard());
      System.out.println("ports " + host.grpcPort() + " " + host.adminPort());
      System.in.read();
      long deadline = System.nanoTime() + Duration.ofHours(1).toNanos();
      batcher.submit(List.of(1), Priority.INTERACTIVE, deadline);
      host.awaitTermination();
    }
  }

  private static BatchModel<Integer, Integer> model(String fault) {
    return items -> {
      switch (fault) {
        case "lost" -> throw new DeviceException(DeviceException.Fault.LOST, "gone", null);
        case "stuck" -> new CountDownLatch(1).await();
        default -> System.in.read();
      }
      return items;
    };
  }
}
