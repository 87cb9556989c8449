package dev.facet.bootstrap;

import com.google.protobuf.BytesValue;
import dev.facet.bootstrap.access.TokenSettings;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A real host on free ports of loopback, with a channel to it. */
record TestHost(ServiceHost host, ManagedChannel channel) implements AutoCloseable {

  static TestHost warming(String... settings) {
    return warming(TokenSettings.NONE, settings);
  }

  private static TestHost warming(TokenSettings tokens, String... settings) {
    String[] args = new String[settings.length + 1];
    args[0] = "drain.delay=0s";
    System.arraycopy(settings, 0, args, 1, settings.length);
    ServiceHost host =
        ServiceHost.open("test", Settings.load(ServerSettings.class, Map.of(), args), tokens);
    return new TestHost(
        host,
        NettyChannelBuilder.forAddress("127.0.0.1", host.grpcPort())
            .usePlaintext()
            .maxInboundMessageSize(1 << 25)
            .build());
  }

  static TestHost serving(UnaryOperator<BytesValue> handler, String... settings) {
    return serving(ErrorTable.standard(), handler, settings);
  }

  static TestHost serving(
      ErrorTable errors, UnaryOperator<BytesValue> handler, String... settings) {
    return serving(TokenSettings.NONE, errors, handler, settings);
  }

  static TestHost serving(
      TokenSettings tokens,
      ErrorTable errors,
      UnaryOperator<BytesValue> handler,
      String... settings) {
    TestHost test = warming(tokens, settings);
    test.host.serve(errors, new EchoService(handler));
    return test;
  }

  HttpResponse<String> admin(String path) {
    URI address = URI.create("http://127.0.0.1:" + host.adminPort() + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    host.close();
  }
}
