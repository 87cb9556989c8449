/** Image bytes to faces: found, chosen, judged, aligned and cut, behind gRPC. */
@NullMarked
package dev.facet.detector;

import org.jspecify.annotations.NullMarked;
