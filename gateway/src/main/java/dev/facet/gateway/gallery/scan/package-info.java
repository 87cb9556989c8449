/**
 * The embedded gallery: every vector is looked at in every search, first through a short code, so
 * that nothing is lost to an approximate index and nothing has to be built.
 */
@NullMarked
package dev.facet.gateway.gallery.scan;

import org.jspecify.annotations.NullMarked;
