package dev.facet.gateway.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * One record of the audit log.
 *
 * @param number from 1, without gaps
 * @param previousSha256 of the record before; zeros in the first
 * @param sha256 as stored; {@link #computedSha256} tells whether it is right
 */
public record AuditRecord(
    long number, Instant time, AuditEntry entry, String previousSha256, String sha256) {
  /** What stands for the record before the first. */
  public static final String NOTHING_BEFORE = "0".repeat(64);

  /** The next record of a chain. */
  static AuditRecord next(AuditHead head, Instant time, AuditEntry entry) {
    AuditRecord unsigned = new AuditRecord(head.number() + 1, time, entry, head.sha256(), "");
    return new AuditRecord(unsigned.number, time, entry, head.sha256(), unsigned.computedSha256());
  }

  /** Digest of the canonical form that the contract describes, in hex. */
  public String computedSha256() {
    String canonical =
        "%d\n%d\n%s\n%s\n%s\n%s\n%s\n%s\n"
            .formatted(
                number,
                Micros.of(time),
                entry.tenant(),
                entry.keyId(),
                entry.action(),
                entry.objects(),
                entry.outcome(),
                previousSha256);
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  AuditHead head() {
    return new AuditHead(number, sha256);
  }
}
