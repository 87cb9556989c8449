package dev.facet.models;

import dev.facet.models.graph.ColourOrder;
import dev.facet.models.graph.PixelScale;

/** What the model was trained to see: its channel order and the scale of its numbers. */
public record Pixels(ColourOrder order, PixelScale scale) {}
