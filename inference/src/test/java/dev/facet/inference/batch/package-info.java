/** Tests of the batcher: gates instead of sleeps, extremes instead of tolerances. */
@NullMarked
package dev.facet.inference.batch;

import org.jspecify.annotations.NullMarked;
