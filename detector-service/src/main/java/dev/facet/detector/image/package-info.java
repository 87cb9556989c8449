/**
 * From untrusted bytes to pixels: what is refused before any native code runs, and the decoding of
 * what is left. Knows nothing of faces.
 */
@NullMarked
package dev.facet.detector.image;

import org.jspecify.annotations.NullMarked;
