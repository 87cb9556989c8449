package dev.facet.bootstrap;

import com.google.protobuf.BytesValue;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/**
 * A small service for {@link DrainTest}, run as a process of its own; it tells on its standard
 * output what happens.
 *
 * <p>The first argument says how far it goes: {@code warming}, {@code serving}, whose method
 * answers once SIGTERM has come, or {@code stuck}, whose method never answers. The others are
 * settings.
 */
final class DrainMain {
  private DrainMain() {}

  public static void main(String... args) {
    String mode = args[0];
    String[] settings = Arrays.copyOfRange(args, 1, args.length);
    try (ServiceHost host =
            ServiceHost.open("drained", Settings.load(ServerSettings.class, settings));
        Part part = new Part(mode.equals("serving"))) {
      System.out.println(host.grpcPort());
      if (mode.equals("warming")) {
        await(new CountDownLatch(1));
      }
      host.serve(ErrorTable.standard(), new EchoService(part::answer));
      System.out.println(mode);
      host.awaitTermination();
    }
  }

  /** A part of the service, closed before its host. */
  private static final class Part implements AutoCloseable {
    private final CountDownLatch done = new CountDownLatch(1);

    Part(boolean answersAfterSigterm) {
      if (answersAfterSigterm) {
        Runtime.getRuntime().addShutdownHook(new Thread(done::countDown));
      }
    }

    BytesValue answer(BytesValue request) {
      System.out.println("in flight");
      await(done);
      return request;
    }

    @Override
    public void close() {
      System.out.println("part closed");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
