package dev.facet.models;

/**
 * What makes vectors comparable: the same weights fed with the same crops, prepared the same way.
 *
 * @param weightsSha256 of the original file, 64 hexadecimal digits
 * @param preprocessingSha256 of colour order, pixel scale and crop, 64 hexadecimal digits
 */
public record ModelId(
    String name, String version, String weightsSha256, String preprocessingSha256) {}
