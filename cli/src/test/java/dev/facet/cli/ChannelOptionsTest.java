package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.proto.embedder.v1.EmbedderServiceGrpc;
import dev.facet.proto.embedder.v1.GetModelsRequest;
import dev.facet.proto.embedder.v1.GetModelsResponse;
import dev.facet.proto.v1.CollectionServiceGrpc;
import dev.facet.proto.v1.ListCollectionsRequest;
import dev.facet.proto.v1.ListCollectionsResponse;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.SelfSignedCertificate;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands to a service that speaks TLS and asks for a certificate. */
@Timeout(60)
@SuppressWarnings("deprecation") // the successor of SelfSignedCertificate is no part of gRPC
class ChannelOptionsTest {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final List<String> authorizations = new ArrayList<>();
  private final SelfSignedCertificate service;
  private final SelfSignedCertificate client;
  private Server server = NettyServerBuilder.forPort(0).build();

  @TempDir private Path folder;

  ChannelOptionsTest() throws CertificateException {
    service = new SelfSignedCertificate("localhost");
    client = new SelfSignedCertificate("operator");
  }

  @BeforeEach
  void start() throws IOException {
    server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                TlsServerCredentials.newBuilder()
                    .keyManager(service.certificate(), service.privateKey())
                    .trustManager(client.certificate())
                    .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                    .build())
            .intercept(new Listening())
            .addService(new HealthStatusManager().getHealthService())
            .addService(new Embedder())
            .addService(new Collections())
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    server.shutdownNow();
    service.delete();
    client.delete();
  }

  @Test
  void gatewayIsCalledOverTls() {
    Facet facet = list("localhost", known());
    assertThat(facet.err()).isEmpty();
    assertThat(facet.exitCode()).isZero();
  }

  @Test
  void serverIsBelievedByTheNameThatItIsSaidToHave() {
    assertThat(list("127.0.0.1", known()).err()).contains("no TLS with the gateway");
    assertThat(list("127.0.0.1", known("--server-name", "localhost")).exitCode()).isZero();
  }

  @Test
  void serverOfAnotherAuthorityIsNotBelieved() {
    Facet facet =
        list("localhost", "--authorities", client.certificate().getPath(), "--patience", "0");
    assertThat(facet.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(facet.err()).contains("no TLS with the gateway").doesNotContain("is it up?");
  }

  @Test
  void serverThatAsksForACertificateRefusesWhoeverHasNone() {
    Facet facet = list("localhost", "--authorities", service.certificate().getPath());
    assertThat(facet.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
  }

  @Test
  void tokenIsSentToAModelService() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "\n 0123456789abcdef \nolder\n");
    List<String> words = new ArrayList<>(List.of("models", "served", "--at", address("localhost")));
    words.addAll(List.of(known("--token-file", token.toString())));
    Facet facet = Facet.run(words.toArray(String[]::new));
    assertThat(facet.err()).isEmpty();
    assertThat(facet.exitCode()).isZero();
    assertThat(authorizations).containsOnly("Bearer 0123456789abcdef");
  }

  @Test
  void tokenIsNotSentToAnotherMachineForEverybodyToRead() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "0123456789abcdef");
    String[] call = {
      "models", "served", "--at", "embedder.example:50053", "--token-file", token.toString()
    };
    Facet facet = Facet.run(call);
    assertThat(facet.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(facet.err()).contains("embedder.example", "--authorities", "--plaintext");
  }

  @Test
  void filesThatCannotBeUsedAreNamed() throws IOException {
    assertThat(list("localhost", "--authorities", "no-such.pem").err()).contains("no-such.pem");
    Path junk = Files.writeString(folder.resolve("junk.pem"), "junk");
    Facet facet = list("localhost", "--authorities", junk.toString());
    assertThat(facet.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(facet.err()).contains("--authorities");
    assertThat(list("localhost", "--client-key", junk.toString()).err()).contains("--authorities");
  }

  private Facet list(String host, String... options) {
    List<String> words =
        new ArrayList<>(List.of("collections", "list", "--gateway", address(host)));
    words.addAll(List.of(options));
    return Facet.run(words.toArray(String[]::new));
  }

  private String address(String host) {
    return host + ":" + server.getPort();
  }

  private String[] known(String... more) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--authorities",
                service.certificate().getPath(),
                "--client-certificate",
                client.certificate().getPath(),
                "--client-key",
                client.privateKey().getPath()));
    options.addAll(List.of(more));
    return options.toArray(String[]::new);
  }

  private final class Listening implements ServerInterceptor {

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
      authorizations.add(String.valueOf(headers.get(AUTHORIZATION)));
      return next.startCall(call, headers);
    }
  }

  private static final class Embedder extends EmbedderServiceGrpc.EmbedderServiceImplBase {

    @Override
    public void getModels(GetModelsRequest request, StreamObserver<GetModelsResponse> observer) {
      observer.onNext(GetModelsResponse.getDefaultInstance());
      observer.onCompleted();
    }
  }

  private static final class Collections extends CollectionServiceGrpc.CollectionServiceImplBase {

    @Override
    public void listCollections(
        ListCollectionsRequest request, StreamObserver<ListCollectionsResponse> observer) {
      observer.onNext(ListCollectionsResponse.getDefaultInstance());
      observer.onCompleted();
    }
  }
}
