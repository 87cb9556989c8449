package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.facet.detector.image.Picture;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * FaceNet's crops against those of facenet-pytorch 2.6.0 ({@code extract_face} with Pillow's
 * bilinear resize, image_size 160), on boxes that its MTCNN found: mean grey of each cell of 16×16
 * pixels and three channels.
 */
class ReferenceCropTest {
  private static final int SIDE = 160;
  private static final int CELL = 16;

  @Test
  void largeFaceIsShrunkAsTheReferenceShrinksIt() {
    assertCells(
        "angelina_jolie.jpg",
        new float[] {585.025f, 246.962f, 1198.68f, 1124.878f},
        14,
        """
        67 92 91 103 118 130 120 70 95 217
        80 95 126 149 169 180 178 162 93 127
        88 114 140 157 175 194 192 176 155 85
        77 117 118 122 132 164 174 135 134 60
        64 111 84 102 138 144 166 120 109 68
        69 115 154 173 177 142 171 184 174 97
        88 94 136 165 168 137 152 172 165 66
        95 104 123 150 131 140 149 150 126 43
        51 77 114 135 149 158 168 165 70 58
        52 88 73 63 86 120 121 85 50 74
        """);
  }

  @Test
  void boxThatLeavesThePictureIsCutOffAsInTheReference() {
    assertCells(
        "dara_2.jpg",
        new float[] {16.419f, -5.441f, 161.856f, 179.488f},
        14,
        """
        29 82 116 116 150 154 138 63 40 36
        42 125 122 133 141 141 138 116 36 37
        78 149 126 120 118 134 129 115 60 31
        117 157 97 72 104 137 111 62 64 30
        132 165 166 157 160 172 156 141 116 34
        129 159 152 135 124 110 122 140 157 49
        124 137 118 126 124 113 141 123 129 60
        67 125 113 101 87 97 79 114 127 52
        20 97 96 120 114 98 122 108 94 24
        10 53 82 93 117 133 105 79 84 24
        """);
  }

  @Test
  void wideMarginIsThatOfTheReference() {
    assertCells(
        "two_faces.jpg",
        new float[] {44.609f, 80.23f, 163.11f, 218.238f},
        32,
        """
        139 152 162 187 162 174 166 168 160 138
        122 139 149 146 158 158 164 156 143 121
        124 114 120 145 148 130 126 116 109 106
        93 96 115 131 138 130 119 97 87 82
        73 55 125 91 92 105 123 139 112 87
        116 135 161 139 132 137 153 150 129 78
        139 130 136 126 149 156 148 144 131 59
        77 91 84 102 115 122 125 117 67 31
        108 63 40 44 58 80 72 44 30 47
        169 137 61 44 28 31 31 42 60 57
        """);
  }

  /** The box by left, top, right, bottom; the margin in pixels of the crop. */
  private static void assertCells(String photo, float[] edges, int margin, String cells) {
    Box box = new Box(edges[0], edges[1], edges[2] - edges[0], edges[3] - edges[1]);
    float total = (float) margin / (SIDE - margin);
    CropSpec spec =
        new CropSpec(SIDE, SIDE, new CropSpec.AroundBox(total, CropSpec.Shape.AS_FOUND, 0, true));
    try (Picture picture = Decoded.picture(Shared.photo(photo))) {
      Affine map =
          spec.from(new KnownFace.At(box, Optional.empty(), 0), picture.width(), picture.height());
      byte[] rgb = Crop.cut(picture.rgb(), map, SIDE, SIDE).rgb();
      int[] expected = Stream.of(cells.strip().split("\\s+")).mapToInt(Integer::parseInt).toArray();
      assertThat(expected).hasSize(SIDE / CELL * (SIDE / CELL));
      for (int i = 0; i < expected.length; i++) {
        assertThat(mean(rgb, i % (SIDE / CELL), i / (SIDE / CELL)))
            .as("cell %d", i)
            .isCloseTo(expected[i], within(2.0));
      }
    }
  }

  private static double mean(byte[] rgb, int column, int row) {
    long sum = 0;
    for (int y = row * CELL; y < (row + 1) * CELL; y++) {
      for (int i = 3 * (y * SIDE + column * CELL); i < 3 * (y * SIDE + (column + 1) * CELL); i++) {
        sum += Byte.toUnsignedInt(rgb[i]);
      }
    }
    return sum / (3.0 * CELL * CELL);
  }
}
