package dev.facet.models.network;

import dev.facet.models.checkpoint.CheckpointException;
import dev.facet.models.checkpoint.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The networks whose trained weights can be turned into ONNX, by the labels that people type.
 *
 * <p>An embedder's graph takes {@code input}, float32 [N, 3, height, width], RGB and already
 * normalised, and gives one output, {@code embedding}, float32 [N, dimension], of any length.
 */
public enum Architecture {
  /**
   * Face detector in three parts (Zhang et al. 2016, arXiv:1604.02878). Each takes {@code image},
   * float32 [N, height, width, 3], RGB, 0 to 255 and not necessarily whole numbers:
   *
   * <ul>
   *   <li>{@code pnet}, any height and width from 12: {@code probability} [N, h, w] and {@code
   *       regression} [N, 4, h, w], h being {@code ceil((height - 2) / 2) - 4} and w likewise
   *   <li>{@code rnet}, 24×24: {@code probability} [N], {@code regression} [N, 4]
   *   <li>{@code onet}, 48×48: the same and {@code landmarks} [N, 10], five x before five y
   * </ul>
   */
  MTCNN("mtcnn"),
  /**
   * FaceNet's embedder (Schroff et al. 2015) as trained by D. Sandberg; {@code (x - 127.5) / 128},
   * 160×160 to 512 numbers.
   */
  INCEPTION_RESNET_V1("inception-resnet-v1"),
  /**
   * EdgeFace-XS (George et al. 2023, arXiv:2307.01838); {@code (x - 127.5) / 127.5}, 112×112 to 512
   * numbers.
   */
  EDGEFACE_XS("edgeface-xs"),
  /** EdgeFace-S with linear layers of half the rank; the same pixels and numbers. */
  EDGEFACE_S_GAMMA_05("edgeface-s-gamma-05"),
  /** dlib's embedder; {@code (x - (122.782, 117.001, 104.298)) / 256}, 150×150 to 128 numbers. */
  DLIB_RESNET("dlib-resnet");

  /**
   * The part of a network that has no others. Equal to {@code ServedModel.WHOLE}, which this
   * package does not know.
   */
  public static final String WHOLE = "model";

  private final String label;

  Architecture(String label) {
    this.label = label;
  }

  /**
   * The architecture of that label.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Architecture named(String label) {
    return Arrays.stream(values())
        .filter(architecture -> architecture.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "architecture '%s' is unknown; known are %s".formatted(label, labels())));
  }

  public String label() {
    return label;
  }

  /** The graphs of which the network consists, in the order of their use. */
  public List<String> parts() {
    return switch (this) {
      case MTCNN -> List.of("pnet", "rnet", "onet");
      case EDGEFACE_XS, EDGEFACE_S_GAMMA_05, INCEPTION_RESNET_V1, DLIB_RESNET -> List.of(WHOLE);
    };
  }

  /**
   * Builds the ONNX file of one part. Equal weights give equal bytes.
   *
   * @throws CheckpointException if the weights are of another network
   * @throws IllegalArgumentException if the network has no such part
   */
  public byte[] build(String part, Weights weights) {
    if (!parts().contains(part)) {
      throw new IllegalArgumentException(
          "%s has the parts %s, not '%s'".formatted(label, parts(), part));
    }
    return switch (this) {
      case MTCNN -> Mtcnn.build(part, weights);
      case EDGEFACE_XS -> EdgeFace.build(weights, 32);
      case EDGEFACE_S_GAMMA_05 -> EdgeFace.build(weights, 48);
      case INCEPTION_RESNET_V1 -> InceptionResnetV1.build(weights);
      case DLIB_RESNET -> DlibResnet.build(weights);
    };
  }

  private static String labels() {
    return Arrays.stream(values()).map(Architecture::label).collect(Collectors.joining(", "));
  }
}
