package dev.facet.cli;

import dev.facet.proto.type.v1.Image;
import dev.facet.proto.v1.DetectRequest;
import dev.facet.proto.v1.DetectResponse;
import dev.facet.proto.v1.DetectedFace;
import dev.facet.proto.v1.FoundFace;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds the faces of a photo, and draws them on request. */
@Command(
    name = "detect",
    header = "Find the faces of a photo.",
    description = "Exit code 1 when there is none.",
    footer = {
      "",
      "Examples:",
      "  facet detect group.jpg --draw faces.png",
      "  facet detect group.jpg --detector mtcnn --rotated --min-size 40"
    })
final class DetectCommand implements Callable<Integer> {

  @Parameters(paramLabel = "PHOTO", description = "A JPEG, PNG or WebP file.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path photo;

  @Option(
      names = "--draw",
      paramLabel = "OUT.png",
      description =
          "Write the upright photo with boxes, landmarks and scores as PNG; the box of a face found"
              + " turned is drawn turned.")
  private Optional<Path> drawing = Optional.empty();

  @Option(
      names = "--face",
      paramLabel = "WHICH",
      defaultValue = "all",
      description = "Which faces: ${COMPLETION-CANDIDATES} (default: all).")
  private FaceChoiceOption face = FaceChoiceOption.ALL;

  @Mixin private final FindingOptions finding = new FindingOptions();
  @Mixin private final GatewayOptions gateway = new GatewayOptions();
  @Mixin private final Console console = new Console();

  @Override
  public Integer call() {
    Image image = Photos.image(photo);
    DetectRequest request =
        DetectRequest.newBuilder().setImage(image).setOptions(finding.about(face)).build();
    try (GatewayClient client = gateway.connect()) {
      DetectResponse response = client.faces(stub -> stub.detect(request));
      drawing.ifPresent(file -> draw(image, response, file));
      if (console.json()) {
        console.document(response);
      } else {
        say(response);
      }
      return response.getFacesCount() > 0 ? ExitCode.OK : ExitCode.NEGATIVE;
    }
  }

  private void say(DetectResponse response) {
    console.line(
        "%d %s in %dx%d pixels",
        response.getFacesCount(),
        response.getFacesCount() == 1 ? "face" : "faces",
        response.getWidth(),
        response.getHeight());
    response.getFacesList().forEach(face -> console.line("  %s", Faces.where(face.getFace())));
    drawing.ifPresent(file -> console.line("drawn to %s", file));
  }

  private void draw(Image image, DetectResponse response, Path file) {
    List<FoundFace> faces = response.getFacesList().stream().map(DetectedFace::getFace).toList();
    try {
      BufferedImage picture = UprightPicture.read(image.getData().toByteArray());
      if (picture.getWidth() != response.getWidth()
          || picture.getHeight() != response.getHeight()) {
        throw new CommandFailure(
            ExitCode.INTERNAL,
            "%s is %dx%d pixels here and %dx%d for the service: not drawn"
                .formatted(
                    photo,
                    picture.getWidth(),
                    picture.getHeight(),
                    response.getWidth(),
                    response.getHeight()));
      }
      FaceDrawing.draw(picture, faces);
      ImageIO.write(picture, "png", file.toFile());
    } catch (IOException e) {
      throw CommandFailure.file(file, e);
    }
  }
}
