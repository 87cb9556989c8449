package dev.facet.pipeline;

import dev.facet.detector.Box;
import dev.facet.detector.Landmarks;
import dev.facet.detector.Quality;

/**
 * A face of a photo, with its vector.
 *
 * @param box in pixels of the upright photo; its centre and sides are those of the face once it is
 *     turned upright
 * @param landmarks five points in pixels of the upright photo
 * @param score the detector's confidence, 0 to 1; comparable within one detector only
 * @param angle turning the photo by so many degrees counter-clockwise brings the face upright
 * @param quality how well a model can see it
 */
public record RecognisedFace(
    Box box, Landmarks landmarks, float score, float angle, Quality quality, FaceVector vector) {}
