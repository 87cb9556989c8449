package dev.facet.gateway.ledger;

/**
 * Names one embedding or detection model exactly: equal ids give equal answers for equal pixels.
 *
 * @param weightsSha256 of the published weights file, lower-case hexadecimal
 * @param preprocessingSha256 of the canonical form of input size, colours, normalisation and
 *     alignment, lower-case hexadecimal
 */
public record ModelId(
    String name, String version, String weightsSha256, String preprocessingSha256) {}
