package dev.facet.bench.load;

import java.util.List;

/** Text and tables in HTML. */
final class Html {

  private Html() {}

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** The first row is the head. */
  static String table(List<List<String>> rows) {
    StringBuilder html = new StringBuilder("<table>\n");
    for (List<String> row : rows) {
      String cell = row.equals(rows.getFirst()) ? "th" : "td";
      html.append("<tr>");
      for (String text : row) {
        html.append("<").append(cell).append(">");
        html.append(escaped(text)).append("</").append(cell).append(">");
      }
      html.append("</tr>\n");
    }
    return html.append("</table>\n").toString();
  }
}
