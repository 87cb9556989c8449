package dev.facet.gateway;

import dev.facet.bootstrap.Group;
import dev.facet.bootstrap.Require;
import dev.facet.bootstrap.ServerSettings;
import dev.facet.bootstrap.Setting;
import dev.facet.bootstrap.access.ChannelTlsSettings;
import dev.facet.gateway.access.AccessMode;
import dev.facet.gateway.access.FirstKey;
import dev.facet.gateway.access.KeyRing;
import dev.facet.gateway.archive.S3Settings;
import dev.facet.gateway.gallery.milvus.MilvusSettings;
import dev.facet.gateway.ledger.PostgresSettings;
import dev.facet.gateway.ledger.Tenants;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** All knobs of the gateway. */
record GatewaySettings(
    @Group(
            inline = true,
            defaults = {"grpc.port=50051", "admin.port=9464"})
        ServerSettings server,
    Access access,
    Backend backend,
    Data data,
    Postgres postgres,
    S3Settings s3,
    Gallery gallery,
    MilvusSettings milvus,
    Recognition recognition) {
  /** A host:port, bare or as a gRPC name, that only this machine can mean. */
  private static final Pattern LOOPBACK =
      Pattern.compile(
          "(dns:///)?(localhost|127(\\.\\d+){3}|\\[::1])(:\\d+)?", Pattern.CASE_INSENSITIVE);

  GatewaySettings {
    Require.that(
        access.mode() == AccessMode.KEYS || !server.isExposed(),
        "access.mode=open is for loopback only, and grpc.host is %s; set access.mode=keys"
            .formatted(server.grpc().host()));
    Require.that(
        backend.tokenFile().isEmpty()
            || backend.tls().isOn()
            || mayShowTokenInPlaintext(server, backend),
        "backend.token-file would be sent without TLS: set backend.tls.authorities, or"
            + " access.plaintext=true where something else encrypts");
  }

  /** Whether the token may be sent without TLS: within this machine, or by the operator's word. */
  boolean mayShowTokenInPlaintext() {
    return mayShowTokenInPlaintext(server, backend);
  }

  private static boolean mayShowTokenInPlaintext(ServerSettings server, Backend backend) {
    return server.access().plaintext() || backend.isLocal();
  }

  /** Whom the door lets in, and how many at a time. */
  record Access(
      @Setting(
              value = "open",
              doc = "open: everybody, on loopback only; keys: holders of a key (facet admin keys)")
          AccessMode mode,
      @Setting(
              doc =
                  "File with the operator's first key, taken when the ledger holds none; facet admin"
                      + " keys generate makes one")
          Optional<Path> initialKeyFile,
      @Setting(
              value = "16",
              doc =
                  "Calls that keep detector, embedder or gallery at work at the same time, while"
                      + " more than one tenant calls; what those do at once, and a little more")
          int callsInFlight,
      @Setting(value = "256", doc = "Calls of one tenant that wait for their turn")
          int waitingCalls) {

    Access {
      Require.between("calls-in-flight", callsInFlight, 1, 100_000);
      Require.between("waiting-calls", waitingCalls, 1, 100_000);
    }

    /** The keys that open the door, the operator's first with them; empty where it is open. */
    Optional<KeyRing> keys(Tenants tenants, InstantSource clock) {
      if (mode == AccessMode.OPEN) {
        return Optional.empty();
      }
      FirstKey.ensure(tenants, initialKeyFile);
      return Optional.of(new KeyRing(tenants, clock));
    }
  }

  /** Where detector and embedder are, and how the channels to them behave. */
  record Backend(
      @Setting(
              value = "127.0.0.1:50052",
              doc = "Detector: host:port, or a gRPC name such as dns:///detector:50052")
          String detector,
      @Setting(
              value = "127.0.0.1:50053",
              doc = "Embedder: host:port, or a gRPC name such as dns:///embedder:50053")
          String embedder,
      @Setting(
              value = "3",
              doc = "Times a call is made before the caller hears of an outage, 1 to 5")
          int attempts,
      @Setting(
              value = "0s",
              doc =
                  "Silence after which a call is also made to another replica, in place of waiting for"
                      + " an error; 0s is never")
          Duration hedgeAfter,
      @Setting(
              value = "16777216",
              unit = "bytes",
              doc = "Largest request kept for another attempt; must be above the largest picture")
          int retryRequestBytes,
      @Setting(
              value = "67108864",
              unit = "bytes",
              doc =
                  "Requests kept for another attempt, all together; beyond it calls are made once")
          long retryBytes,
      @Setting(
              value = "67108864",
              unit = "bytes",
              doc = "Largest answer accepted: the crops and pictures of all faces of a photo")
          int maxAnswerBytes,
      @Setting(
              value = "30s",
              doc =
                  "Silence after which a connection is probed; the servers permit no less than 20s")
          Duration keepAlive,
      @Setting(value = "10s", doc = "Time a probe may take before the connection counts as lost")
          Duration keepAliveTimeout,
      @Setting(value = "5s", doc = "How often detector and embedder are asked for their models")
          Duration refresh,
      ChannelTlsSettings tls,
      @Setting(
              doc =
                  "File with the tokens of detector and embedder, one a line; the first is sent with"
                      + " each call")
          Optional<Path> tokenFile) {

    Backend {
      Require.between("attempts", attempts, 1, 5);
      Require.between("hedge-after milliseconds", hedgeAfter.toMillis(), 0, Integer.MAX_VALUE);
      Require.between("retry-request-bytes", retryRequestBytes, 1 << 20, Integer.MAX_VALUE);
      Require.between("retry-bytes", retryBytes, retryRequestBytes, Long.MAX_VALUE);
      Require.between("max-answer-bytes", maxAnswerBytes, 1 << 20, Integer.MAX_VALUE);
      Require.between("keep-alive seconds", keepAlive.toSeconds(), 20, Integer.MAX_VALUE);
      Require.positive("keep-alive-timeout", keepAliveTimeout);
      Require.positive("refresh", refresh);
    }

    boolean isLocal() {
      return Stream.of(detector, embedder).allMatch(name -> LOOPBACK.matcher(name).matches());
    }
  }

  /** Where what is enrolled is kept, and how what is deleted goes. */
  record Data(
      @Setting(value = "data", doc = "Folder of ledger, archive and gallery; created when needed")
          Path directory,
      @Setting(value = "1s", doc = "How often the gallery looks for changes made by other gateways")
          Duration followEvery,
      @Setting(value = "10s", doc = "How often the bytes of what was deleted are removed")
          Duration purgeEvery,
      @Setting(
              value = "1h",
              doc =
                  "How often pictures that no face refers to are looked for; the second time they go")
          Duration sweepEvery,
      @Setting(
              value = "1h",
              doc = "Age of a picture before it may be swept; longer than any enrolment takes")
          Duration orphanAge) {

    Data {
      Require.positive("follow-every", followEvery);
      Require.positive("purge-every", purgeEvery);
      Require.positive("sweep-every", sweepEvery);
      Require.positive("orphan-age", orphanAge);
    }

    Path ledger() {
      return directory.resolve("ledger.db");
    }

    Path archive() {
      return directory.resolve("archive");
    }

    Path gallery() {
      return directory.resolve("gallery");
    }
  }

  /** The ledger's database, where several gateways share one. */
  record Postgres(
      @Setting(
              doc =
                  "JDBC URL of the ledger's database, jdbc:postgresql://host:port/database; without one"
                      + " the ledger is a file in data.directory, for one gateway")
          Optional<String> url,
      @Setting(value = "facet", doc = "User of the database") String user,
      @Setting(secret = true, doc = "Password of that user") Optional<String> password,
      @Setting(value = "8", doc = "Connections that read; one more writes") int connections,
      @Setting(value = "5s", doc = "Time that a new connection may take") Duration connectTimeout,
      @Setting(value = "30s", doc = "Time that a statement may take") Duration statementTimeout,
      @Setting(
              value = "5s",
              doc =
                  "Time that a write waits for another gateway's, and after which a gateway that"
                      + " stopped in the middle of one is cut off")
          Duration lockTimeout) {

    Postgres {
      Require.that(
          url.filter(text -> text.contains("password=")).isEmpty(),
          "a password stands in url, which is shown in logs; give it as postgres.password");
      Require.between("connections", connections, 1, 1_000);
      Require.positive("connect-timeout", connectTimeout);
      Require.positive("statement-timeout", statementTimeout);
      Require.positive("lock-timeout", lockTimeout);
    }

    Optional<PostgresSettings> settings() {
      return url.map(
          database ->
              new PostgresSettings(
                  database,
                  user,
                  password.orElse(""),
                  connections,
                  connectTimeout,
                  statementTimeout,
                  lockTimeout));
    }
  }

  /** How a scan works, where the gallery is one, and how either is watched. */
  record Gallery(
      @Setting(
              value = "0",
              doc = "Threads that share a scan of a large collection; 0 for one a processor")
          int scanThreads,
      @Setting(
              value = "1h",
              doc = "How often the share of faces that searches find is measured; 0s for never")
          Duration recallEvery) {

    Gallery {
      Require.between("scan-threads", scanThreads, 0, 1_024);
      Require.notNegative("recall-every", recallEvery);
    }
  }

  /** How calls are answered. */
  record Recognition(
      @Setting(
              value = "10ms",
              doc = "Calls with a picture and less time left than this are refused before any work")
          Duration leastTime,
      @Setting(
              value = "5s",
              doc =
                  "Time that an enrolment waits to be searchable before it answers GALLERY_BEHIND")
          Duration galleryWait,
      @Setting(value = "16", doc = "Pictures of one stream that are worked on at the same time")
          int streamWidth) {

    Recognition {
      Require.notNegative("least-time", leastTime);
      Require.positive("gallery-wait", galleryWait);
      Require.between("stream-width", streamWidth, 1, 1_000);
    }
  }
}
