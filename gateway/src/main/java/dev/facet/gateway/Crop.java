package dev.facet.gateway;

/**
 * Pixels of one face, ready for an embedding model.
 *
 * @param rgb red, green, blue; {@code width * height * 3} bytes, row by row. Shared, never changed.
 */
@SuppressWarnings("ArrayRecordComponent")
record Crop(int width, int height, byte[] rgb) {}
