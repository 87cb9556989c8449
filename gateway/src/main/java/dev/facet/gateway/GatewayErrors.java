package dev.facet.gateway;

import dev.facet.bootstrap.ErrorTable;
import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.archive.ArchiveException;
import dev.facet.gateway.archive.ArchiveFullException;
import dev.facet.gateway.gallery.GalleryBehindException;
import dev.facet.gateway.gallery.GalleryException;
import dev.facet.gateway.ledger.LedgerBusyException;
import dev.facet.gateway.ledger.LedgerException;
import dev.facet.gateway.ledger.LedgerFullException;
import dev.facet.gateway.ledger.LedgerRefusal;
import io.grpc.Status;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's rows of the error table: what the stores throw, as the caller hears it. */
final class GatewayErrors {
  private static final Logger log = LoggerFactory.getLogger(GatewayErrors.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private GatewayErrors() {}

  static ErrorTable table() {
    return ErrorTable.standard()
        .with(LedgerRefusal.class, GatewayErrors::refused)
        .with(ModelGoneException.class, Status.Code.FAILED_PRECONDITION, "MODEL_MISMATCH")
        .with(LedgerBusyException.class, e -> later("QUEUE_FULL", "the ledger is busy"))
        .with(LedgerFullException.class, GatewayErrors::full)
        .with(LedgerException.class, e -> unavailable(e, "LEDGER_DOWN", "the ledger is down"))
        .with(ArchiveFullException.class, GatewayErrors::full)
        .with(ArchiveException.class, e -> unavailable(e, "ARCHIVE_DOWN", "the archive is down"))
        .with(
            GalleryBehindException.class,
            e -> later("GALLERY_BEHIND", "the gallery has not caught up with the ledger"))
        .with(
            GalleryException.class,
            e -> unavailable(e, "VECTOR_STORE_DOWN", "the gallery is down"));
  }

  private static Refusal refused(LedgerRefusal refusal) {
    Status.Code code =
        switch (refusal.reason()) {
          case INVALID_ID, VECTOR_DIMENSION, VECTOR_NOT_FINITE, VECTOR_NOT_UNIT ->
              Status.Code.INVALID_ARGUMENT;
          case TENANT_NOT_FOUND,
              API_KEY_NOT_FOUND,
              COLLECTION_NOT_FOUND,
              SUBJECT_NOT_FOUND,
              FACE_NOT_FOUND,
              OPERATION_NOT_FOUND ->
              Status.Code.NOT_FOUND;
          case COLLECTION_EXISTS, TENANT_EXISTS -> Status.Code.ALREADY_EXISTS;
          case MODEL_MISMATCH, COLLECTION_NOT_EMPTY, OPERATION_RUNNING ->
              Status.Code.FAILED_PRECONDITION;
        };
    return Refusal.of(code, refusal.reason().name(), refusal.getMessage());
  }

  private static Refusal full(RuntimeException thrown) {
    log.error("No room to store anything", thrown);
    return Refusal.of(
        Status.Code.RESOURCE_EXHAUSTED, "STORAGE_FULL", "there is no room to store anything");
  }

  private static Refusal unavailable(RuntimeException thrown, String reason, String message) {
    log.warn("A store failed", thrown);
    return later(reason, message);
  }

  private static Refusal later(String reason, String message) {
    return Refusal.of(Status.Code.UNAVAILABLE, reason, message).retryAfter(RETRY_AFTER);
  }
}
