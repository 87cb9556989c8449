package dev.facet.models.graph;

/** The order in which a model expects the colour channels of its input. */
public enum ColourOrder {
  RGB,
  BGR
}
