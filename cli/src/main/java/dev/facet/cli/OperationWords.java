package dev.facet.cli;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
import dev.facet.proto.v1.CheckExample;
import dev.facet.proto.v1.CheckFinding;
import dev.facet.proto.v1.CheckReport;
import dev.facet.proto.v1.MoveReport;
import dev.facet.proto.v1.Operation;
import dev.facet.proto.v1.RebuildReport;
import dev.facet.proto.v1.RecallReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Long jobs in words for people. */
final class OperationWords {
  private static final int EXAMPLES = 5;

  private OperationWords() {}

  /** One line: id, what, how far. */
  static String line(Operation operation) {
    String state =
        operation.getState().name().replace("OPERATION_STATE_", "").toLowerCase(Locale.ROOT);
    return "%s  %s  %-16s  %-9s  %d/%d  %s"
        .formatted(
            operation.getOperationId(),
            Timestamps.toString(operation.getCreateTime()),
            operation.getKind(),
            state,
            operation.getDoneItems(),
            operation.getTotalItems(),
            operation.getCollectionId().isEmpty()
                ? "all collections"
                : operation.getCollectionId());
  }

  /** What is being done, for the progress bar. */
  static String task(Operation operation) {
    return switch (operation.getKind()) {
      case "CheckCollection" -> "checking";
      case "RebuildGallery", "ConfirmRebuild" -> "rebuilding";
      case "MeasureRecall" -> "measuring";
      case "MoveGallery" -> "moving";
      default -> "working";
    };
  }

  /** What came of it, in lines; none when that is nothing. */
  static List<String> result(Any result) {
    try {
      if (result.is(CheckReport.class)) {
        return check(result.unpack(CheckReport.class));
      }
      if (result.is(RebuildReport.class)) {
        RebuildReport report = result.unpack(RebuildReport.class);
        return List.of(
            "%d faces in the new index; of %d searched it found %d; --confirm removes the old one"
                .formatted(report.getFaces(), report.getSearched(), report.getFound()));
      }
      if (result.is(RecallReport.class)) {
        RecallReport report = result.unpack(RecallReport.class);
        return List.of(
            "%d of %d faces searched; of %d within the match threshold found %.4f; nearest %.4f;"
                    .formatted(
                        report.getSearched(),
                        report.getFaces(),
                        report.getNeighbours(),
                        report.getThresholdRecall(),
                        report.getRecallAt1())
                + " ten nearest %.4f".formatted(report.getRecallAt10()));
      }
      if (result.is(MoveReport.class)) {
        MoveReport report = result.unpack(MoveReport.class);
        return List.of(
            "%s serves, with %d faces; of %d searched it found %d"
                .formatted(
                    report
                        .getGallery()
                        .name()
                        .replace("GALLERY_KIND_", "")
                        .toLowerCase(Locale.ROOT),
                    report.getFaces(),
                    report.getSearched(),
                    report.getFound()));
      }
      return List.of();
    } catch (InvalidProtocolBufferException e) {
      throw foreign(e);
    }
  }

  private static List<String> check(CheckReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d collections: %d faces in the ledger, %d in the gallery, %d pictures in the archive;"
                .formatted(
                    report.getCollections(),
                    report.getFaces(),
                    report.getGalleryFaces(),
                    report.getPictures())
            + " %d faces searched, %d pictures read"
                .formatted(report.getSearched(), report.getReadPictures()));
    report.getFindingsList().stream()
        .filter(finding -> finding.getCount() > 0)
        .map(OperationWords::finding)
        .forEach(lines::add);
    if (lines.size() == 1) {
      lines.add("nothing is wrong");
    }
    return lines;
  }

  private static String finding(CheckFinding finding) {
    String what =
        switch (finding.getKind()) {
          case CHECK_FINDING_KIND_MISSING_IN_GALLERY -> "faces missing in the gallery";
          case CHECK_FINDING_KIND_EXTRA_IN_GALLERY -> "entries of the gallery without a face";
          case CHECK_FINDING_KIND_NOT_FOUND_BY_SEARCH -> "faces that searches do not find";
          case CHECK_FINDING_KIND_PICTURE_MISSING -> "faces whose picture is missing";
          case CHECK_FINDING_KIND_PICTURE_DAMAGED -> "faces whose picture is damaged";
          case CHECK_FINDING_KIND_PICTURE_WITHOUT_FACE -> "pictures without a face";
          case CHECK_FINDING_KIND_UNSPECIFIED, UNRECOGNIZED -> "things of an unknown kind";
        };
    return "%d %s, %d repaired: %s%s"
        .formatted(
            finding.getCount(),
            what,
            finding.getRepaired(),
            finding.getExamplesList().stream()
                .limit(EXAMPLES)
                .map(OperationWords::example)
                .collect(Collectors.joining(", ")),
            finding.getCount() > EXAMPLES ? ", ..." : "");
  }

  private static String example(CheckExample example) {
    return example.getCollectionId() + "/" + example.getId();
  }

  static CommandFailure foreign(InvalidProtocolBufferException e) {
    return new CommandFailure(ExitCode.INTERNAL, "the gateway's answer cannot be read", e);
  }
}
