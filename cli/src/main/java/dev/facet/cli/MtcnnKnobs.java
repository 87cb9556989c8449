package dev.facet.cli;

import dev.facet.proto.type.v1.MtcnnOptions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** MTCNN's stage knobs, written {@code proposal=0.6,factor=0.709}. */
final class MtcnnKnobs {

  private static final List<String> KEYS =
      List.of(
          "proposal",
          "refinement",
          "output",
          "proposal-overlap",
          "refinement-overlap",
          "output-overlap",
          "rotation-overlap",
          "factor");

  private MtcnnKnobs() {}

  static final class Converter implements ITypeConverter<MtcnnOptions> {
    @Override
    public MtcnnOptions convert(String text) {
      return parse(text);
    }
  }

  /**
   * Reads knobs; which values make sense is for the detector to say.
   *
   * @throws TypeConversionException naming what is no knob, comes twice or has no number
   */
  static MtcnnOptions parse(String text) {
    MtcnnOptions.Builder knobs = MtcnnOptions.newBuilder();
    Set<String> seen = new HashSet<>();
    for (String part : text.split(",", -1)) {
      String[] pair = part.split("=", 2);
      String key = pair[0].strip();
      if (!KEYS.contains(key)) {
        throw new TypeConversionException("'%s' is none of %s".formatted(key, KEYS));
      }
      if (!seen.add(key)) {
        throw new TypeConversionException("'%s' is given twice".formatted(key));
      }
      set(knobs, key, number(key, pair.length == 1 ? "" : pair[1].strip()));
    }
    return knobs.build();
  }

  private static void set(MtcnnOptions.Builder knobs, String key, float value) {
    switch (key) {
      case "proposal" -> knobs.setProposalMinScore(value);
      case "refinement" -> knobs.setRefinementMinScore(value);
      case "output" -> knobs.setOutputMinScore(value);
      case "proposal-overlap" -> knobs.setProposalMaxOverlap(value);
      case "refinement-overlap" -> knobs.setRefinementMaxOverlap(value);
      case "output-overlap" -> knobs.setOutputMaxOverlap(value);
      case "rotation-overlap" -> knobs.setRotationMaxOverlap(value);
      case "factor" -> knobs.setPyramidFactor(value);
      default -> throw new IllegalArgumentException("no knob: " + key);
    }
  }

  private static float number(String key, String text) {
    try {
      return Float.parseFloat(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException(
          "%s must be a number, as in %s=0.7, not '%s'".formatted(key, key, text));
    }
  }
}
