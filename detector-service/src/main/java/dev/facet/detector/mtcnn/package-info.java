/** The cascade of MTCNN: from pixels to boxes, scores and landmarks, exactly as its reference. */
@NullMarked
package dev.facet.detector.mtcnn;

import org.jspecify.annotations.NullMarked;
