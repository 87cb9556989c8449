package dev.facet.detector.image;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the native library and says what it can do.
 *
 * @param version of OpenCV
 * @param simdJpeg whether JPEG is decoded with SIMD; without, it takes twice as long
 */
public record OpenCv(String version, boolean simdJpeg) {
  private static final String MEMORY_LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";
  private static final Logger log = LoggerFactory.getLogger(OpenCv.class);

  /** Unpacks and loads the library, seconds on the first start of a machine. Idempotent. */
  public static OpenCv load() {
    // Its own guess, four times the heap, refuses innocent pictures; DecodeBudget bounds them.
    if (System.getProperty(MEMORY_LIMIT) == null) {
      System.setProperty(MEMORY_LIMIT, "0");
    }
    Loader.load(opencv_core.class);
    Loader.load(opencv_imgproc.class);
    Loader.load(opencv_imgcodecs.class);
    // Requests run side by side already; a pool inside each would only get in their way.
    opencv_core.setNumThreads(1);
    OpenCv loaded = new OpenCv(opencv_core.CV_VERSION, simdJpeg(buildInformation()));
    if (loaded.simdJpeg) {
      log.info("OpenCV {}, JPEG with SIMD", loaded.version);
    } else {
      log.warn("OpenCV {} decodes JPEG without SIMD: twice as slow", loaded.version);
    }
    return loaded;
  }

  private static String buildInformation() {
    return opencv_core.getBuildInformation().getString();
  }

  /** The lines on JPEG say "SIMD Support: YES" before those on the next library begin. */
  private static boolean simdJpeg(String buildInformation) {
    int jpeg = buildInformation.indexOf("JPEG:");
    int webp = buildInformation.indexOf("WEBP:");
    return jpeg >= 0
        && jpeg < webp
        && buildInformation.substring(jpeg, webp).matches("(?s).*SIMD Support:\\s+YES.*");
  }
}
