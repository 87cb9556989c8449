/**
 * {@code facet bench all}: what Facet promises about speed, measured on this machine beside what it
 * is measured against, point by point.
 */
@NullMarked
package dev.facet.bench.all;

import org.jspecify.annotations.NullMarked;
