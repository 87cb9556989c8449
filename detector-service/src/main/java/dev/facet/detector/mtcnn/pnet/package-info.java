/** The proposal network of MTCNN, computed with the JDK's Vector API. */
@NullMarked
package dev.facet.detector.mtcnn.pnet;

import org.jspecify.annotations.NullMarked;
