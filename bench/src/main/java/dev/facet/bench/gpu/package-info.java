/** What {@code bench/gpu.sh} needs to pack Facet for a GPU machine without a network. */
@NullMarked
package dev.facet.bench.gpu;

import org.jspecify.annotations.NullMarked;
