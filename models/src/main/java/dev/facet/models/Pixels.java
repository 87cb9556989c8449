package dev.facet.models;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.facet.models.graph.ColourOrder;
import dev.facet.models.graph.Normalisation;
import dev.facet.models.graph.PixelScale;
import dev.facet.models.graph.Standardisation;
import org.jspecify.annotations.Nullable;

/**
 * What the model was trained to see: its channel order, and how pixels become its numbers.
 *
 * <p>The catalogue writes {@code {order: rgb, scale: {mean: …, deviation: …}}} or {@code {order:
 * rgb, standardise: per-image}}.
 */
public record Pixels(ColourOrder order, Normalisation normalisation) {

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Pixels of(Entry entry) {
    if (entry.order == null) {
      throw new IllegalArgumentException("pixels.order must be given");
    }
    if ((entry.scale == null) == (entry.standardise == null)) {
      throw new IllegalArgumentException("pixels must have either a scale or standardise");
    }
    return new Pixels(entry.order, entry.scale == null ? Standardisation.PER_IMAGE : entry.scale);
  }

  @JsonValue
  Entry inCatalogue() {
    Entry entry = new Entry();
    entry.order = order;
    switch (normalisation) {
      case PixelScale scale -> entry.scale = scale;
      case Standardisation.PER_IMAGE -> entry.standardise = Standardise.PER_IMAGE;
    }
    return entry;
  }

  /** The catalogue's text; fields, as those of a creator would all be required. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  static final class Entry {
    @JsonProperty @Nullable ColourOrder order;
    @JsonProperty @Nullable PixelScale scale;
    @JsonProperty @Nullable Standardise standardise;
  }

  enum Standardise {
    @JsonProperty("per-image")
    PER_IMAGE
  }
}
