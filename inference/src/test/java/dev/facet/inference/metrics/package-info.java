@NullMarked
package dev.facet.inference.metrics;

import org.jspecify.annotations.NullMarked;
