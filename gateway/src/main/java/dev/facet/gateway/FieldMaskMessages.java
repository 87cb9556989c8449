package dev.facet.gateway;

import com.google.protobuf.FieldMask;
import dev.facet.bootstrap.RequestChecks;
import java.util.Set;
import java.util.TreeSet;

/** Field masks: which fields of a resource a call is about. */
final class FieldMaskMessages {
  private FieldMaskMessages() {}

  static void check(RequestChecks checks, String field, FieldMask mask, Set<String> allowed) {
    checks.expect(
        allowed.containsAll(mask.getPathsList()),
        field,
        "may name only " + String.join(", ", new TreeSet<>(allowed)));
  }

  /** A change must say what it changes: nothing is not a change, and everything is not meant. */
  static void checkUpdate(RequestChecks checks, FieldMask mask, Set<String> allowed) {
    checks.expect(
        mask.getPathsCount() > 0 && allowed.containsAll(mask.getPathsList()),
        "update_mask",
        "must name some of " + String.join(", ", new TreeSet<>(allowed)));
  }
}
