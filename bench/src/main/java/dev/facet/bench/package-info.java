/**
 * {@code facet bench}: measurements of Facet's parts, side by side with their peers, on data that
 * is drawn so that anybody can draw it again.
 */
@NullMarked
package dev.facet.bench;

import org.jspecify.annotations.NullMarked;
