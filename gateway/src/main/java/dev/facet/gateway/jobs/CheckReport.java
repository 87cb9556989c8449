package dev.facet.gateway.jobs;

import java.util.List;

/**
 * What a check of collections found.
 *
 * @param faces living faces in the ledger
 * @param galleryFaces in the gallery
 * @param pictures in the archive
 * @param searched faces that were searched by their own vectors
 * @param readPictures pictures that were read to the last byte
 * @param findings one of each kind, found or not
 */
public record CheckReport(
    long collections,
    long faces,
    long galleryFaces,
    long pictures,
    long searched,
    long readPictures,
    List<Finding> findings) {

  /** What can be wrong; the names are those of the contract. */
  public enum Kind {
    MISSING_IN_GALLERY,
    EXTRA_IN_GALLERY,
    NOT_FOUND_BY_SEARCH,
    PICTURE_MISSING,
    PICTURE_DAMAGED,
    PICTURE_WITHOUT_FACE
  }

  /**
   * What was found of one kind.
   *
   * @param examples the first ones
   */
  public record Finding(Kind kind, long count, long repaired, List<Example> examples) {}

  /**
   * One thing found.
   *
   * @param id a face id, a gallery's key or the name of a picture
   */
  public record Example(String collectionId, String id) {}
}
