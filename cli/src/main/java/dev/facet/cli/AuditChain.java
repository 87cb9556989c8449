package dev.facet.cli;

import com.google.protobuf.util.Timestamps;
import dev.facet.proto.v1.AuditHead;
import dev.facet.proto.v1.AuditRecord;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Follows the records of an audit log in their order and says where the chain breaks. It computes
 * every digest itself, so that a gateway need not be believed.
 */
final class AuditChain {
  private static final String NOTHING_BEFORE = "0".repeat(64);

  private long number;
  private String sha256 = NOTHING_BEFORE;
  private Optional<String> complaint = Optional.empty();

  /** How many records were right. */
  long verified() {
    return number;
  }

  /** Digest of the last record that was right. */
  String sha256() {
    return sha256;
  }

  /** What is wrong, naming the record; empty while all is right. */
  Optional<String> complaint() {
    return complaint;
  }

  /** Takes the next record; what comes after one that is wrong is not looked at. */
  void add(AuditRecord record) {
    if (complaint.isPresent()) {
      return;
    }
    complaint = fault(record);
    if (complaint.isEmpty()) {
      number = record.getNumber();
      sha256 = record.getSha256();
    }
  }

  private Optional<String> fault(AuditRecord record) {
    if (record.getNumber() != number + 1) {
      return Optional.of(
          "record %d is missing: after %d comes %d"
              .formatted(number + 1, number, record.getNumber()));
    }
    if (!record.getPreviousSha256().equals(sha256)) {
      return Optional.of(
          "record %d does not follow the one before it".formatted(record.getNumber()));
    }
    if (!record.getSha256().equals(computed(record))) {
      return Optional.of("record %d was altered".formatted(record.getNumber()));
    }
    return Optional.empty();
  }

  /**
   * Holds a head that was read, or noted, at an earlier time against the records.
   *
   * @param record the one with the head's number, if the log still has it
   */
  void hold(AuditHead head, Optional<AuditRecord> record) {
    if (complaint.isPresent() || head.getNumber() == 0) {
      return;
    }
    if (record.isEmpty()) {
      complaint =
          Optional.of(
              "record %d is missing: the log ended with %d once"
                  .formatted(number + 1, head.getNumber()));
    } else if (!record.get().getSha256().equals(head.getSha256())) {
      complaint = Optional.of("record %d is another than it was".formatted(head.getNumber()));
    }
  }

  private static String computed(AuditRecord record) {
    String canonical =
        "%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n"
            .formatted(
                Long.toUnsignedString(record.getNumber()),
                Timestamps.toMicros(record.getTime()),
                record.getTenantId(),
                record.getKeyId(),
                record.getAction(),
                record.getObjects(),
                record.getOutcome(),
                record.getPreviousSha256());
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(canonical.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
