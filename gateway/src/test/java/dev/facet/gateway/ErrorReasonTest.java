package dev.facet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.gateway.ledger.LedgerRefusal;
import dev.facet.proto.type.v1.ErrorReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of reasons that clients may switch over is closed: nobody makes one up. */
class ErrorReasonTest {
  /** A reason in the source of something that refuses. */
  private static final Pattern LITERAL =
      Pattern.compile("\"([A-Z]+(?:_[A-Z]+)+|CANCELLED|INTERNAL)\"");

  private static final Set<String> PUBLIC =
      Arrays.stream(ErrorReason.values())
          .map(reason -> reason.name().replace("ERROR_REASON_", ""))
          .collect(Collectors.toSet());

  @Test
  void everyReasonInTheSourcesIsPublic() throws IOException {
    Set<String> used = new TreeSet<>();
    for (Path source : sources()) {
      String text = Files.readString(source);
      if (text.contains("Refusal") || text.contains("ErrorTable") || text.contains("Backend(")) {
        LITERAL.matcher(text).results().forEach(literal -> used.add(literal.group(1)));
      }
    }
    assertThat(used).contains("NO_FACE", "MODEL_NOT_READY", "DETECTOR_DOWN");
    assertThat(PUBLIC).containsAll(used);
  }

  @Test
  void everyReasonOfTheLedgerIsPublic() {
    assertThat(LedgerRefusal.Reason.values()).extracting(Enum::name).isSubsetOf(PUBLIC);
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.find(Repository.ROOT, 20, (file, _) -> isSource(file))) {
      return files.toList();
    }
  }

  private static boolean isSource(Path file) {
    String path = file.toString();
    return path.contains("src/main/java") && path.endsWith(".java");
  }
}
