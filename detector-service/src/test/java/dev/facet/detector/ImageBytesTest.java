package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.facet.proto.type.v1.Image;
import java.io.ByteArrayInputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImageBytesTest {
  private final byte[] image = new byte[300_000];

  ImageBytesTest() {
    new Random(3).nextBytes(image);
  }

  @Test
  void arrayOfItsOwnIsNotCopied() {
    assertThat(ImageBytes.of(UnsafeByteOperations.unsafeWrap(image))).isSameAs(image);
  }

  /** As gRPC reads a message. */
  @Test
  void arrayOfAParsedMessageIsNotCopied() throws Exception {
    byte[] message = Image.newBuilder().setData(ByteString.copyFrom(image)).build().toByteArray();
    ByteString data = Image.parseFrom(new ByteArrayInputStream(message)).getData();
    assertThat(ImageBytes.of(data)).isEqualTo(image).isSameAs(ImageBytes.of(data));
  }

  @Test
  void partsAndPiecesAreCopied() {
    ByteString whole = UnsafeByteOperations.unsafeWrap(image);
    assertThat(ImageBytes.of(whole.substring(7))).isEqualTo(whole.substring(7).toByteArray());
    assertThat(ImageBytes.of(whole.substring(0, 9))).isEqualTo(whole.substring(0, 9).toByteArray());
    ByteString pieces = whole.substring(0, 1000).concat(whole.substring(1000));
    assertThat(ImageBytes.of(pieces)).isEqualTo(image);
    assertThat(ImageBytes.of(ByteString.EMPTY)).isEmpty();
  }
}
