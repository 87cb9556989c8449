package dev.facet.gateway.jobs;

import dev.facet.gateway.gallery.GalleryKind;

/**
 * What came of a move.
 *
 * @param kind that serves now
 * @param faces in it
 * @param searched faces searched by their own vectors before it took the place of the other
 * @param found those of them that were found
 */
public record MoveReport(GalleryKind kind, long faces, int searched, int found) {}
