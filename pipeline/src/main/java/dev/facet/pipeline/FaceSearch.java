package dev.facet.pipeline;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.facet.detector.SearchOptions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is looked for in a photo; what is not set is as the detector has it. Values are judged by
 * the detector that they are given to, as not every one can be asked everything.
 */
public final class FaceSearch {
  /** Every face, and all as the detector has it. */
  public static final FaceSearch STANDARD = builder().build();

  private final int maxFaces;
  private final SearchOptions options;

  private FaceSearch(int maxFaces, SearchOptions options) {
    this.maxFaces = maxFaces;
    this.options = options;
  }

  /** Begins with {@link #STANDARD}. */
  public static Builder builder() {
    return new Builder();
  }

  /** At most so many; 0 is all. */
  int maxFaces() {
    return maxFaces;
  }

  /** The same for one face, whatever the number was. */
  FaceSearch one() {
    return new FaceSearch(1, options);
  }

  SearchOptions options() {
    return options;
  }

  /** Collects what is set. */
  public static final class Builder {
    private int maxFaces;
    private Optional<Float> minScore = Optional.empty();
    private Optional<Float> minSize = Optional.empty();
    private Optional<Float> maxOverlap = Optional.empty();
    private Optional<Integer> maxSide = Optional.empty();
    private final List<Float> angles = new ArrayList<>();
    private final Map<MtcnnKnob, Float> mtcnn = new EnumMap<>(MtcnnKnob.class);

    private Builder() {}

    /** At most so many faces, the most probable ones; 0 (the default) is all. */
    @CanIgnoreReturnValue
    public Builder maxFaces(int most) {
      maxFaces = most;
      return this;
    }

    /** Least confidence of a face, 0 to 1. */
    @CanIgnoreReturnValue
    public Builder minScore(double least) {
      minScore = Optional.of((float) least);
      return this;
    }

    /** Side of the smallest face, in pixels of the photo; MTCNN sees none below 12. */
    @CanIgnoreReturnValue
    public Builder minSize(double pixels) {
      minSize = Optional.of((float) pixels);
      return this;
    }

    /** Greatest intersection over union of two faces, 0 to 1. */
    @CanIgnoreReturnValue
    public Builder maxOverlap(double most) {
      maxOverlap = Optional.of((float) most);
      return this;
    }

    /** Longer side, in pixels, to which larger photos are shrunk first; at least 64. */
    @CanIgnoreReturnValue
    public Builder maxSide(int pixels) {
      maxSide = Optional.of(pixels);
      return this;
    }

    /**
     * Searches the photo turned by these angles too, in degrees counter-clockwise, -180 to 180, at
     * most eight; MTCNN only.
     */
    @CanIgnoreReturnValue
    public Builder angles(double... degrees) {
      angles.clear();
      for (double angle : degrees) {
        angles.add((float) angle);
      }
      return this;
    }

    /** Sets a number of MTCNN's. */
    @CanIgnoreReturnValue
    public Builder mtcnn(MtcnnKnob knob, double value) {
      mtcnn.put(knob, (float) value);
      return this;
    }

    public FaceSearch build() {
      return new FaceSearch(
          maxFaces,
          new SearchOptions(
              minScore,
              minSize,
              maxOverlap,
              maxSide,
              angles,
              mtcnn.isEmpty() ? Optional.empty() : Optional.of(cascade())));
    }

    private SearchOptions.Cascade cascade() {
      return new SearchOptions.Cascade(
          value(MtcnnKnob.PYRAMID_FACTOR),
          value(MtcnnKnob.PROPOSAL_MIN_SCORE),
          value(MtcnnKnob.REFINEMENT_MIN_SCORE),
          value(MtcnnKnob.OUTPUT_MIN_SCORE),
          value(MtcnnKnob.PROPOSAL_MAX_OVERLAP),
          value(MtcnnKnob.REFINEMENT_MAX_OVERLAP),
          value(MtcnnKnob.OUTPUT_MAX_OVERLAP),
          value(MtcnnKnob.ROTATION_MAX_OVERLAP));
    }

    private Optional<Float> value(MtcnnKnob knob) {
      return Optional.ofNullable(mtcnn.get(knob));
    }
  }
}
