package dev.facet.cli;

import dev.facet.models.ModelFile;
import dev.facet.models.ModelRecord;
import dev.facet.models.ModelUnavailableException;
import dev.facet.models.Task;
import java.io.Serial;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Models without which nothing can start and which nobody gives: one message for all of them, of
 * what was tried and what to copy where.
 */
final class ModelsMissing extends CommandFailure {

  @Serial private static final long serialVersionUID = 1;

  private static final int LONGEST_ANSWER = 120;

  ModelsMissing(List<ModelUnavailableException> models) {
    super(ExitCode.UNAVAILABLE, message(models));
  }

  private static String message(List<ModelUnavailableException> models) {
    String tasks =
        models.stream()
            .map(missing -> task(missing.model()))
            .distinct()
            .collect(Collectors.joining(" and no "));
    return """
        no %s can be had
        %s
        Copy the files of one %s into a folder, and set FACET_MODELS_MIRROR to it:
        %s
        On a machine that reaches their sources, 'facet models bundle DIR' makes such a folder."""
        .formatted(
            tasks,
            lines(models, ModelsMissing::tried),
            tasks.replace(" no ", " one "),
            lines(models, ModelsMissing::files));
  }

  private static String lines(
      List<ModelUnavailableException> models, Function<ModelUnavailableException, String> text) {
    return models.stream()
        .map(missing -> "  %s: %s".formatted(missing.model().name(), text.apply(missing)))
        .collect(Collectors.joining("\n"));
  }

  /** What the sources of a model said, in one line. */
  static String tried(ModelUnavailableException missing) {
    return missing.tried().stream()
        .map(ModelsMissing::brief)
        .distinct()
        .collect(Collectors.joining("; "));
  }

  /** Without the names of settings, paths of addresses, and all that a program says at length. */
  private static String brief(String answer) {
    String brief =
        answer
            .replaceAll("https?://([^/\\s]+)\\S*?(?=: |$)", "$1")
            .replace(" (FACET_MODELS_MIRROR)", "")
            .replace(" by FACET_MODELS_SOURCES", "")
            .replaceAll("\\s+", " ");
    return brief.length() <= LONGEST_ANSWER ? brief : brief.substring(0, LONGEST_ANSWER) + "…";
  }

  private static String files(ModelUnavailableException missing) {
    return missing.model().files().stream().map(ModelFile::file).collect(Collectors.joining(", "));
  }

  private static String task(ModelRecord model) {
    return switch (model.task()) {
      case Task.Detection _ -> "detector";
      case Task.Embedding _ -> "embedder";
    };
  }
}
