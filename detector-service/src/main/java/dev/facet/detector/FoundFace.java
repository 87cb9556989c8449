package dev.facet.detector;

/**
 * A face of a picture, and the crop of it that was asked for.
 *
 * @param crop pixels as an embedder takes them
 */
public record FoundFace(Face face, Quality quality, Crop crop) {}
