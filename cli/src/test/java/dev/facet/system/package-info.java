/**
 * Tests of the whole: the module rules, and the road from a photo to a name over real processes.
 */
@NullMarked
package dev.facet.system;

import org.jspecify.annotations.NullMarked;
