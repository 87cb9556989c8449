package dev.facet.gateway;

import static dev.facet.proto.v1.Scope.SCOPE_DETECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.gateway.access.KeySecret;
import dev.facet.gateway.ledger.PostgresSettings;
import dev.facet.gateway.testing.PostgresServer;
import dev.facet.proto.v1.AuditRecord;
import dev.facet.proto.v1.DetectRequest;
import dev.facet.proto.v1.ListAuditRecordsRequest;
import dev.facet.proto.v1.ListAuditRecordsResponse;
import dev.facet.proto.v1.RevokeApiKeyRequest;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two gateway processes on one ledger: keys, and the record of them, are one. */
class SharedKeysTest {
  private static final double PROMISED_SECONDS = 2;

  @TempDir Path folder;

  @Test
  void whatOneGatewayGivesAndTakesTheOtherHonours() throws Exception {
    PostgresSettings database = PostgresServer.shared().database();
    String first = KeySecret.fresh().reveal();
    Path file = Files.writeString(folder.resolve("admin.key"), first);
    try (FakeServices services = new FakeServices()) {
      List<String> settings =
          List.of(
              "backend.detector=127.0.0.1:" + services.port(),
              "backend.embedder=127.0.0.1:" + services.port(),
              "postgres.url=" + database.url(),
              "postgres.user=" + database.user(),
              "access.mode=keys",
              "access.initial-key-file=" + file);
      try (GatewayProcess one = GatewayProcess.start(folder.resolve("one"), settings);
          GatewayProcess two = GatewayProcess.start(folder.resolve("two"), settings)) {
        KeyHolder operator = KeyHolder.of(one.channel(), first);
        KeyHolder elsewhere = KeyHolder.of(two.channel(), first);
        for (int i = 0; i < 10; i++) {
          KeyHolder maker = i % 2 == 0 ? operator : elsewhere;
          KeyHolder key = maker.holder("", SCOPE_DETECT);
          assertThat(code(KeyHolder.of(one.channel(), key.key()))).isEqualTo(Code.OK);
          assertThat(code(KeyHolder.of(two.channel(), key.key()))).isEqualTo(Code.OK);
        }

        KeyHolder leaked = operator.holder("", SCOPE_DETECT);
        KeyHolder used = KeyHolder.of(two.channel(), leaked.key());
        assertThat(code(used)).isEqualTo(Code.OK);
        var _ =
            operator
                .admin()
                .revokeApiKey(RevokeApiKeyRequest.newBuilder().setKeyId(leaked.keyId()).build());
        long start = System.nanoTime();
        while (code(used) == Code.OK) {
          assertThat((System.nanoTime() - start) / 1e9).isLessThan(PROMISED_SECONDS);
        }

        ListAuditRecordsResponse log =
            elsewhere
                .admin()
                .listAuditRecords(ListAuditRecordsRequest.newBuilder().setPageSize(1000).build());
        String before = "0".repeat(64);
        long number = 0;
        for (AuditRecord record : log.getRecordsList()) {
          assertThat(record.getNumber()).isEqualTo(++number);
          assertThat(record.getPreviousSha256()).isEqualTo(before);
          before = record.getSha256();
        }
        assertThat(number).isGreaterThanOrEqualTo(13); // the first key, eleven, and a revocation
        assertThat(log.getHead().getNumber()).isEqualTo(number);
      }
    }
  }

  private static Code code(KeyHolder caller) {
    try {
      var _ =
          caller.faces().detect(DetectRequest.newBuilder().setImage(Answers.image("anna")).build());
      return Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }
}
