package dev.facet.cli;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * A service that only says it is healthy, for {@code facet up} to start: as {@code
 * HOME/NAME/target/NAME.jar}. Its arguments are in the file {@code HOME/NAME/arguments}, a line
 * each. When it is asked to end it adds its name to the file {@code HOME/stopped}.
 */
final class FakeService {

  private FakeService() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path module = Path.of(System.getProperty("java.class.path", "")).resolve("../..").normalize();
    int port =
        Arrays.stream(args)
            .filter(arg -> arg.startsWith("grpc.port="))
            .mapToInt(arg -> Integer.parseInt(arg.substring("grpc.port=".length())))
            .findFirst()
            .orElseThrow();
    Files.write(module.resolve("arguments"), List.of(args));
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .addService(new HealthStatusManager().getHealthService())
            .build();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> note(module)));
    server.start().awaitTermination();
  }

  private static void note(Path module) {
    try {
      Files.writeString(
          module.resolve("../stopped"),
          module.getFileName() + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
