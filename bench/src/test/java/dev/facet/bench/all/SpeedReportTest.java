package dev.facet.bench.all;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.bench.Machine;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

class SpeedReportTest {

  private static final SpeedReport REPORT =
      new SpeedReport(
          "2026-01-01T00:00:00Z",
          321,
          new Machine("a processor", 2, List.of("avx2"), 1024, "a JDK", true, 0.5),
          true,
          List.of(
              Finding.atMost(
                  "embedder", "CPU, x raw", 1.05, "%.3f", Sample.of(1.02, 1.01, 1.03), "raw 2 ms"),
              Finding.told("embedder", "CPU, ms", "%.2f", Sample.of(2.04), ""),
              Finding.atLeast("detector", "times <faster>", 5, "%.2f", Sample.of(2, 100), "a peer"),
              Finding.open("gpu", "faces/s", "no GPU here")));

  @Test
  void everyFindingHasALineWithTargetMeasuredSpreadAndPeer() {
    String text = String.join("\n", REPORT.lines());

    assertThat(text)
        .contains("321 s, quick")
        .contains("a processor, 2 processors")
        .containsPattern("CPU, x raw +<= 1.050 +1.020 +1.010 to 1.030 +met +raw 2 ms")
        .containsPattern("CPU, ms +2.04")
        .containsPattern("faces/s +open +no GPU here");
  }

  @Test
  void theEndCountsHowTheyStand() {
    assertThat(REPORT.lines().getLast()).isEqualTo("2 met, 0 missed, 1 open");
  }

  @Test
  void thePageIsATableOfAsManyColumns() {
    List<String> rows =
        REPORT.page("speed.svg").lines().filter(line -> line.startsWith("|")).toList();

    assertThat(rows).hasSize(2 + REPORT.findings().size());
    assertThat(rows).allSatisfy(row -> assertThat(row.chars().filter(c -> c == '|')).hasSize(8));
  }

  @Test
  void thePlotIsXmlWithAMarkForEveryFigureThatHasATarget() throws Exception {
    byte[] svg = SpeedPlot.svg(REPORT).getBytes(StandardCharsets.UTF_8);

    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg));

    assertThat(document.getElementsByTagName("circle").getLength()).isEqualTo(2);
    assertThat(document.getDocumentElement().getTextContent()).contains("times <faster>");
  }
}
