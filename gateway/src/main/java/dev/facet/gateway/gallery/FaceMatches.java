package dev.facet.gateway.gallery;

import java.util.List;

/**
 * The answer to a {@link FaceQuery}.
 *
 * @param matches nearest first
 * @param searchedFaces how many took part
 */
public record FaceMatches(List<FaceMatch> matches, long searchedFaces) {}
