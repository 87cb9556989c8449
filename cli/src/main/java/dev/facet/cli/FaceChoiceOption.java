package dev.facet.cli;

import dev.facet.proto.type.v1.FaceChoice;
import java.util.Arrays;
import picocli.CommandLine.TypeConversionException;

/** Which face of a photo is meant, as written on the command line. */
enum FaceChoiceOption {
  ALL("all", FaceChoice.FACE_CHOICE_ALL),
  ONLY("only", FaceChoice.FACE_CHOICE_ONLY),
  LARGEST("largest", FaceChoice.FACE_CHOICE_LARGEST),
  CENTRAL("central", FaceChoice.FACE_CHOICE_MOST_CENTRAL),
  MOST_PROBABLE("most-probable", FaceChoice.FACE_CHOICE_MOST_PROBABLE);

  private final String word;
  private final FaceChoice choice;

  FaceChoiceOption(String word, FaceChoice choice) {
    this.word = word;
    this.choice = choice;
  }

  /**
   * The choice of that word.
   *
   * @throws TypeConversionException when there is none
   */
  static FaceChoiceOption of(String word) {
    return Arrays.stream(values())
        .filter(option -> option.word.equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'%s' is none of %s".formatted(word, Arrays.toString(values()))));
  }

  FaceChoice choice() {
    return choice;
  }

  @Override
  public String toString() {
    return word;
  }
}
