package dev.facet.cli;

import dev.facet.models.CropGeometry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Faces of photos: those that ranges are measured on, and a fifth that is held out.
 *
 * @param calibration crops, width × height × 3 bytes, RGB
 * @param heldOut crops of other photos
 */
record CalibrationFaces(List<byte[]> calibration, List<byte[]> heldOut, int photosWithoutFace) {

  /** With fewer faces, ranges say little. */
  static final int FEWEST = 10;

  private static final int HELD_OUT = 5; // one of so many
  private static final int IN_FLIGHT = 4;

  /**
   * Has a running detector cut the most central face of some photos, spread evenly over all.
   *
   * @throws CommandFailure if there are too few, or the detector cannot be asked
   */
  static CalibrationFaces find(
      Path folder,
      int most,
      String detector,
      ModelServiceChannel channel,
      CropGeometry geometry,
      Console console) {
    List<Path> all = Photos.below(folder);
    int taken = Math.min(most, all.size());
    List<Path> photos = new ArrayList<>();
    for (int i = 0; i < taken; i++) {
      photos.add(all.get((int) ((long) i * all.size() / taken)));
    }
    List<byte[]> found;
    try (CropSource source = new CropSource(detector, channel, geometry);
        ProgressBar progress = console.progress("finding faces", taken)) {
      found =
          InFlight.map(
                  photos,
                  IN_FLIGHT,
                  photo -> {
                    Optional<byte[]> crop = source.crop(photo);
                    progress.step();
                    return crop;
                  })
              .stream()
              .flatMap(Optional::stream)
              .toList();
    }
    if (found.size() < FEWEST) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "%s: a face was found in %d of %d photos, at least %d are needed"
              .formatted(folder, found.size(), taken, FEWEST));
    }
    return of(found, taken - found.size());
  }

  private static CalibrationFaces of(List<byte[]> crops, int photosWithoutFace) {
    List<byte[]> calibration = new ArrayList<>();
    List<byte[]> heldOut = new ArrayList<>();
    for (int i = 0; i < crops.size(); i++) {
      (i % HELD_OUT == HELD_OUT - 1 ? heldOut : calibration).add(crops.get(i));
    }
    return new CalibrationFaces(calibration, heldOut, photosWithoutFace);
  }
}
