package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.facet.proto.v1.AdminServiceGrpc.AdminServiceImplBase;
import dev.facet.proto.v1.ApiKey;
import dev.facet.proto.v1.CreateApiKeyRequest;
import dev.facet.proto.v1.CreateApiKeyResponse;
import dev.facet.proto.v1.ListAuditRecordsRequest;
import dev.facet.proto.v1.ListAuditRecordsResponse;
import dev.facet.proto.v1.ListTenantsRequest;
import dev.facet.proto.v1.ListTenantsResponse;
import dev.facet.proto.v1.RotateApiKeyRequest;
import dev.facet.proto.v1.RotateApiKeyResponse;
import dev.facet.proto.v1.Scope;
import dev.facet.proto.v1.Tenant;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminCommandTest {
  private static final String SECRET = "facet_0123456789abcdef_" + "ab".repeat(32);

  @TempDir Path folder;

  private final Set<String> authorizations = ConcurrentHashMap.newKeySet();
  private final AtomicReference<CreateApiKeyRequest> created = new AtomicReference<>();
  private final AtomicReference<RotateApiKeyRequest> rotated = new AtomicReference<>();
  private Server server;

  @BeforeEach
  void open() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Admin())
            .addService(new HealthStatusManager().getHealthService())
            .intercept(new Listening())
            .build()
            .start();
  }

  @AfterEach
  void close() {
    server.shutdownNow();
  }

  private Facet admin(String... arguments) {
    List<String> all = new ArrayList<>(List.of("admin"));
    all.addAll(Arrays.asList(arguments));
    all.addAll(List.of("--gateway", "127.0.0.1:" + server.getPort()));
    return Facet.run(all.toArray(String[]::new));
  }

  @Test
  void theSecretIsTheAnswerAndTheRestANote() {
    Facet facet =
        admin(
            "keys",
            "create",
            "--tenant",
            "acme",
            "--scopes",
            "search,enroll",
            "--name",
            "till",
            "--expires",
            "90d",
            "--rate",
            "20",
            "--concurrent",
            "4");
    assertThat(facet.exitCode()).isZero();
    assertThat(facet.out()).isEqualTo(SECRET + System.lineSeparator());
    assertThat(facet.err()).contains("created  0123456789abcdef  acme  search,enroll");
    CreateApiKeyRequest request = created.get();
    assertThat(request.getTenantId()).isEqualTo("acme");
    assertThat(request.getScopesList()).containsExactly(Scope.SCOPE_SEARCH, Scope.SCOPE_ENROLL);
    assertThat(request.getDisplayName()).isEqualTo("till");
    assertThat(request.getExpireTime().getSeconds() - Instant.now().getEpochSecond())
        .isBetween(90 * 86_400L - 60, 90 * 86_400L);
    assertThat(request.getQuota().getCallsPerSecond()).isEqualTo(20);
    assertThat(request.getQuota().getConcurrentCalls()).isEqualTo(4);
  }

  @Test
  void aSecretGoesIntoAFileForItsOwnerAlone() throws Exception {
    Path file = folder.resolve("acme.key");
    Facet facet = admin("keys", "create", "--scopes", "search", "--out", file.toString(), "--json");
    assertThat(facet.exitCode()).isZero();
    assertThat(facet.out()).doesNotContain(SECRET);
    assertThat(facet.json().get("file").getAsString()).isEqualTo(file.toString());
    assertThat(Files.readString(file)).isEqualTo(SECRET + "\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    // A key that is there already is not lost.
    assertThat(admin("keys", "create", "--scopes", "search", "--out", file.toString()).exitCode())
        .isEqualTo(74);
  }

  @Test
  void rotationSaysWhenTheOldKeyEnds() {
    Facet facet = admin("keys", "rotate", "0123456789abcdef", "--overlap", "7d");
    assertThat(facet.exitCode()).isZero();
    assertThat(facet.out()).isEqualTo(SECRET + System.lineSeparator());
    assertThat(facet.err()).contains("the old key 0123456789abcdef ends 1970-01-01T00:00:05Z");
    assertThat(rotated.get().getOverlap().getSeconds()).isEqualTo(7 * 86_400);
  }

  @Test
  void theKeyOfAFileIsSentWithEveryCall() throws Exception {
    Path file = Files.writeString(folder.resolve("own.key"), SECRET + "\n");
    Facet facet = admin("tenants", "list", "--key-file", file.toString());
    assertThat(facet.exitCode()).isZero();
    assertThat(facet.out()).contains("acme  Acme Ltd");
    assertThat(authorizations).containsExactly("Bearer " + SECRET);
  }

  @Test
  void aFileWithoutAKeyIsMisuse() throws Exception {
    Path file = Files.writeString(folder.resolve("empty.key"), " \n");
    assertThat(admin("tenants", "list", "--key-file", file.toString()).exitCode()).isEqualTo(2);
    assertThat(admin("tenants", "list", "--key-file", folder.resolve("no").toString()).exitCode())
        .isEqualTo(74);
  }

  @Test
  void freshKeysHaveTheFormAndAreNeverTwice() {
    String one = Facet.run("admin", "keys", "generate").out().strip();
    assertThat(one).matches("facet_[0-9a-f]{16}_[0-9a-f]{64}");
    JsonObject other = Facet.run("admin", "keys", "generate", "--json").json();
    assertThat(other.get("secret").getAsString()).isNotEqualTo(one);
  }

  @Test
  void misuseIsTold() {
    assertThat(admin("keys", "create", "--scopes", "everything").exitCode()).isEqualTo(2);
    assertThat(admin("keys", "create", "--scopes", "search", "--expires", "soon").err())
        .contains("90d");
    assertThat(admin("tenants", "delete", "acme").exitCode()).isEqualTo(2); // without --yes
    assertThat(admin("audit", "--verify", "--head", "newest").exitCode()).isEqualTo(2);
  }

  @Test
  void onlyWhoSeesTheWholeChainVerifiesIt() {
    Facet facet = admin("audit", "--verify");
    assertThat(facet.exitCode()).isEqualTo(65);
    assertThat(facet.err()).contains("only the operator's key");
  }

  private final class Listening implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String authorization =
          headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER));
      authorizations.add(authorization == null ? "" : authorization);
      return next.startCall(call, headers);
    }
  }

  private final class Admin extends AdminServiceImplBase {
    @Override
    public void listTenants(
        ListTenantsRequest request, StreamObserver<ListTenantsResponse> observer) {
      observer.onNext(
          ListTenantsResponse.newBuilder()
              .addTenants(Tenant.newBuilder().setTenantId("acme").setDisplayName("Acme Ltd"))
              .build());
      observer.onCompleted();
    }

    @Override
    public void createApiKey(
        CreateApiKeyRequest request, StreamObserver<CreateApiKeyResponse> observer) {
      created.set(request);
      observer.onNext(
          CreateApiKeyResponse.newBuilder()
              .setKey(
                  ApiKey.newBuilder()
                      .setKeyId("0123456789abcdef")
                      .setTenantId(request.getTenantId())
                      .addAllScopes(request.getScopesList()))
              .setSecret(SECRET)
              .build());
      observer.onCompleted();
    }

    @Override
    public void rotateApiKey(
        RotateApiKeyRequest request, StreamObserver<RotateApiKeyResponse> observer) {
      rotated.set(request);
      RotateApiKeyResponse.Builder response = RotateApiKeyResponse.newBuilder().setSecret(SECRET);
      response.getReplacedBuilder().getExpireTimeBuilder().setSeconds(5);
      observer.onNext(response.build());
      observer.onCompleted();
    }

    @Override
    public void listAuditRecords(
        ListAuditRecordsRequest request, StreamObserver<ListAuditRecordsResponse> observer) {
      observer.onNext(ListAuditRecordsResponse.getDefaultInstance());
      observer.onCompleted();
    }
  }
}
