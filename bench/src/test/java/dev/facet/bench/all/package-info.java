/** What is told of the measurements, and from what; no measurement is a test. */
@NullMarked
package dev.facet.bench.all;

import org.jspecify.annotations.NullMarked;
