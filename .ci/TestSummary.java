import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/**
 * Sums up a Maven run: what passed, what failed, what was skipped and why, module by module.
 *
 * <p>A single-file program ({@code java TestSummary.java HOME MAVEN_STATUS}), because it must speak
 * even when nothing compiled. Its last line is {@code N passed, N failed, N skipped}.
 */
public final class TestSummary {
  private record Case(String module, String name, String outcome, String message, double seconds) {}

  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]);
    int mavenStatus = Integer.parseInt(args[1]);
    List<Case> cases = new ArrayList<>();
    for (Path report : reports(home)) {
      read(home.relativize(report).getName(0).toString(), report, cases);
    }

    Map<String, int[]> modules = new TreeMap<>();
    Map<String, List<String>> skipped = new TreeMap<>();
    System.out.println();
    for (Case test : cases) {
      int[] counts = modules.computeIfAbsent(test.module(), name -> new int[3]);
      switch (test.outcome()) {
        case "failed" -> {
          counts[1]++;
          System.out.println("FAILED   " + test.name() + ": " + firstLine(test.message()));
        }
        case "skipped" -> {
          counts[2]++;
          skipped.computeIfAbsent(firstLine(test.message()), reason -> new ArrayList<>()).add(test.name());
        }
        default -> counts[0]++;
      }
    }
    skipped.forEach(
        (reason, names) -> System.out.println("SKIPPED  " + reason + "\n         " + String.join("\n         ", names)));

    System.out.printf("%n%-18s %8s %8s %8s%n", "module", "passed", "failed", "skipped");
    modules.forEach(
        (module, n) -> System.out.printf("%-18s %8d %8d %8d%n", module, n[0], n[1], n[2]));
    System.out.printf(
        Locale.ROOT,
        "%nslowest: %s%n",
        String.join(
            ", ",
            cases.stream()
                .sorted((a, b) -> Double.compare(b.seconds(), a.seconds()))
                .limit(5)
                .map(test -> String.format(Locale.ROOT, "%s %.0f s", test.name(), test.seconds()))
                .toList()));
    System.out.println("real stores: " + stores(cases));
    int passed = total(modules, 0);
    int failed = total(modules, 1);
    if (mavenStatus != 0 && failed == 0) {
      System.out.println("The build itself failed: see Maven's messages above.");
    }
    if (cases.isEmpty()) {
      System.out.println("No test ran.");
    }
    System.out.printf("%d passed, %d failed, %d skipped%n", passed, failed, total(modules, 2));
    System.exit(mavenStatus == 0 && failed == 0 && passed > 0 ? 0 : 1);
  }

  /** How many tests ran against each real store, by the names of their classes. */
  private static String stores(List<Case> cases) {
    Map<String, String> marks = new LinkedHashMap<>();
    marks.put("Milvus", ".*Milvus(?!Lite).*\\..*");
    marks.put("Milvus Lite", ".*MilvusLite.*\\..*");
    marks.put("PostgreSQL", ".*Postgres.*\\..*");
    marks.put("S3", ".*S3.*\\..*");
    marks.put("all three, by several gateways", "Cluster.*\\..*");
    List<String> counts = new ArrayList<>();
    marks.forEach(
        (store, mark) -> {
          List<Case> of = cases.stream().filter(test -> test.name().matches(mark)).toList();
          long ran = of.stream().filter(test -> !test.outcome().equals("skipped")).count();
          counts.add(store + " " + ran + (ran < of.size() ? " (" + (of.size() - ran) + " skipped)" : ""));
        });
    return String.join(", ", counts);
  }

  private static List<Path> reports(Path home) throws Exception {
    List<Path> found = new ArrayList<>();
    try (var modules = Files.list(home)) {
      for (Path module : modules.sorted().toList()) {
        for (String folder : List.of("target/surefire-reports", "target/failsafe-reports")) {
          Path reports = module.resolve(folder);
          if (Files.isDirectory(reports)) {
            try (var files = Files.list(reports)) {
              found.addAll(files.filter(f -> f.getFileName().toString().matches("TEST-.*\\.xml")).sorted().toList());
            }
          }
        }
      }
    }
    return found;
  }

  private static void read(String module, Path report, List<Case> cases) throws Exception {
    var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
    var elements = document.getElementsByTagName("testcase");
    for (int i = 0; i < elements.getLength(); i++) {
      Element test = (Element) elements.item(i);
      String type = test.getAttribute("classname");
      String name = type.substring(type.lastIndexOf('.') + 1) + "." + test.getAttribute("name");
      double seconds = Double.parseDouble(test.getAttribute("time").replace(",", ""));
      String outcome = "passed";
      String message = "";
      for (String kind : List.of("failure", "error", "skipped")) {
        var marks = test.getElementsByTagName(kind);
        if (marks.getLength() > 0) {
          outcome = kind.equals("skipped") ? "skipped" : "failed";
          message = ((Element) marks.item(0)).getAttribute("message");
        }
      }
      cases.add(new Case(module, name, outcome, message, seconds));
    }
  }

  private static int total(Map<String, int[]> modules, int column) {
    return modules.values().stream().mapToInt(counts -> counts[column]).sum();
  }

  private static String firstLine(String message) {
    String line = message.replace("Assumption failed: ", "").strip();
    int end = line.indexOf('\n');
    line = end < 0 ? line : line.substring(0, end);
    return line.isEmpty() ? "(no reason given)" : line;
  }
}
