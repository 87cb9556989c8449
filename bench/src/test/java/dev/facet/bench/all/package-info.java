@NullMarked
package dev.facet.bench.all;

import org.jspecify.annotations.NullMarked;
