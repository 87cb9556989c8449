package dev.facet.bench;

import java.util.ArrayList;
import java.util.List;

/** A table for a terminal. */
public final class TextTable {

  private TextTable() {}

  /** Columns of equal width; words to the left, numbers to the right. The first row is the head. */
  public static List<String> aligned(List<List<String>> table) {
    List<String> lines = new ArrayList<>();
    for (List<String> row : table) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        int at = column;
        int width = table.stream().mapToInt(other -> other.get(at).length()).max().orElse(0);
        boolean words = table.stream().skip(1).noneMatch(other -> isNumber(other.get(at)));
        line.append(("%" + (words ? "-" : "") + width + "s  ").formatted(row.get(column)));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static boolean isNumber(String cell) {
    return cell.matches("-?[0-9][0-9.,]*");
  }
}
