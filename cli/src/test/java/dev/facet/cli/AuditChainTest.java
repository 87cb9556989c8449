package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.util.Timestamps;
import dev.facet.proto.v1.AuditRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** P09: whatever is done to the record, the tool names the line. */
class AuditChainTest {
  private static final int RECORDS = 5;

  @TempDir Path folder;

  /** As {@code facet admin audit --json} prints a log. */
  private static JsonObject log() throws Exception {
    JsonArray records = new JsonArray();
    String before = "0".repeat(64);
    for (int number = 1; number <= RECORDS; number++) {
      AuditRecord.Builder record =
          AuditRecord.newBuilder()
              .setNumber(number)
              .setTime(Timestamps.fromMicros(1_700_000_000_000_000L + number))
              .setTenantId("acme")
              .setKeyId("0123456789abcdef")
              .setAction("Enroll")
              .setObjects("collection:people face:f" + number)
              .setOutcome("OK")
              .setPreviousSha256(before);
      // The canonical form, written as the contract describes it.
      String canonical =
          number
              + "\n"
              + (1_700_000_000_000_000L + number)
              + "\nacme\n0123456789abcdef\nEnroll\ncollection:people face:f"
              + number
              + "\nOK\n"
              + before
              + "\n";
      before =
          HexFormat.of()
              .formatHex(
                  MessageDigest.getInstance("SHA-256")
                      .digest(canonical.getBytes(StandardCharsets.UTF_8)));
      records.add(Console.element(record.setSha256(before).build()));
    }
    JsonObject head = new JsonObject();
    head.addProperty("number", RECORDS);
    head.addProperty("sha256", before);
    JsonObject log = new JsonObject();
    log.add("records", records);
    log.add("head", head);
    return log;
  }

  private Facet verify(JsonObject log, String... more) throws Exception {
    Path file = Files.writeString(folder.resolve("audit.json"), log.toString());
    String[] arguments = {"admin", "audit", "--verify", "--file", file.toString()};
    String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return Facet.run(all);
  }

  private static JsonObject record(JsonObject log, int number) {
    return log.getAsJsonArray("records").get(number - 1).getAsJsonObject();
  }

  @Test
  void aWholeLogIsRight() throws Exception {
    JsonObject log = log();
    Facet verified = verify(log);
    assertThat(verified.exitCode()).isZero();
    assertThat(verified.out())
        .isEqualTo(
            "right  5 records; head 5:%s%n"
                .formatted(log.getAsJsonObject("head").get("sha256").getAsString()));
  }

  @Test
  void everyFieldThatIsAlteredIsNoticedAtItsRecord() throws Exception {
    for (int number = 1; number <= RECORDS; number++) {
      for (String field : record(log(), number).keySet()) {
        if (field.equals("number")) {
          continue;
        }
        JsonObject log = log();
        String old = record(log, number).get(field).getAsString();
        record(log, number)
            .addProperty(
                field,
                field.equals("time")
                    ? "2026-01-01T00:00:00Z"
                    : (old.startsWith("a") ? "b" : "a") + old.substring(1));
        Facet verified = verify(log);
        assertThat(verified.exitCode()).as(field + " of " + number).isEqualTo(1);
        assertThat(verified.out()).startsWith("broken  record " + number + " ");
      }
    }
  }

  @Test
  void everyRecordThatIsRemovedIsMissed() throws Exception {
    for (int number = 1; number <= RECORDS; number++) {
      JsonObject log = log();
      var _ = log.getAsJsonArray("records").remove(number - 1);
      Facet verified = verify(log);
      assertThat(verified.exitCode()).isEqualTo(1);
      assertThat(verified.out()).startsWith("broken  record " + number + " is missing");
    }
  }

  @Test
  void recordsThatChangePlacesAreNoticed() throws Exception {
    JsonObject log = log();
    JsonObject second = record(log, 2);
    var _ = log.getAsJsonArray("records").set(1, record(log, 3));
    var _ = log.getAsJsonArray("records").set(2, second);
    assertThat(verify(log).out()).startsWith("broken  record 2 is missing");
  }

  /** Who can write the database can write the whole chain anew; a noted head tells. */
  @Test
  void aChainThatWasWrittenAnewIsNoticedByAHeadNotedBefore() throws Exception {
    String noted = "5:" + "ab".repeat(32);
    Facet verified = verify(log(), "--head", noted);
    assertThat(verified.exitCode()).isEqualTo(1);
    assertThat(verified.out()).startsWith("broken  record 5 is another than it was");
    String later = "9:" + "ab".repeat(32);
    assertThat(verify(log(), "--head", later).out()).startsWith("broken  record 6 is missing");
  }

  @Test
  void aFileThatIsNoLogIsRefused() throws Exception {
    assertThat(verify(JsonParser.parseString("{}").getAsJsonObject()).exitCode()).isEqualTo(65);
  }
}
