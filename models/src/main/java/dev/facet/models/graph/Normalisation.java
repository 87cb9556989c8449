package dev.facet.models.graph;

/** How 0..255 pixels become a model's numbers. */
public sealed interface Normalisation permits PixelScale, Standardisation {}
