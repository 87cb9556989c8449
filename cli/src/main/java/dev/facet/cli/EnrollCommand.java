package dev.facet.cli;

import dev.facet.proto.type.v1.Priority;
import dev.facet.proto.v1.EnrollRequest;
import dev.facet.proto.v1.EnrollResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Stores the faces of photos under their subjects.
 *
 * <p>A face's id follows from its content, so a photo enrolled before is recognised by the gateway:
 * a command that was interrupted is simply repeated, loses nothing and stores nothing twice.
 */
@Command(
    name = "enroll",
    header = "Store the faces of photos under their subjects.",
    description = {
      "The folder that a photo lies in names its subject, unless --subject does. What is not a"
          + " JPEG, PNG or WebP file is passed over in folders. A collection that is not there is"
          + " created, bound to --model for good.",
      "Interrupted? Repeat the command: nothing is lost and nothing is stored twice."
    },
    footer = {
      "",
      "Examples:",
      "  facet enroll people/                          people/NAME/*.jpg",
      "  facet enroll --subject Ada ada1.jpg ada2.jpg",
      "  facet enroll people/ --face only --json       refuse photos of several people"
    })
final class EnrollCommand implements Callable<Integer> {

  @Parameters(arity = "1..*", paramLabel = "DIR|FILE", description = "Folders and photos.")
  private List<Path> sources = List.of();

  @Option(
      names = "--subject",
      paramLabel = "NAME",
      description = "The subject of all these photos, instead of their folders' names.")
  private Optional<String> subject = Optional.empty();

  @Option(
      names = "--face",
      paramLabel = "WHICH",
      defaultValue = "largest",
      description = "Which face of a photo: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private FaceChoiceOption face = FaceChoiceOption.LARGEST;

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      defaultValue = "8",
      description = "Photos on their way at a time (default: ${DEFAULT-VALUE}).")
  private int inFlight;

  @Mixin private final CollectionOption collection = new CollectionOption();
  @Mixin private final FindingOptions finding = new FindingOptions();
  @Mixin private final EmbeddingModelOption model = new EmbeddingModelOption();
  @Mixin private final GatewayOptions gateway = new GatewayOptions();
  @Mixin private final Console console = new Console();

  private enum Outcome {
    ENROLLED("enrolled"),
    ALREADY_THERE("already there"),
    REFUSED("refused");

    final String words;

    Outcome(String words) {
      this.words = words;
    }
  }

  private record Photo(Path file, SubjectName subject) {}

  private record Enrolled(
      String file, Outcome outcome, String subjectId, List<String> faceIds, String reason) {

    String line() {
      return switch (outcome) {
        case REFUSED -> "%-13s  %s  %s".formatted(outcome.words, file, reason);
        default -> "%-13s  %s  %s".formatted(outcome.words, file, subjectId);
      };
    }
  }

  private record Summary(
      int photos, long enrolled, long alreadyThere, long refused, List<Enrolled> files) {}

  @Override
  public Integer call() {
    Arguments.atLeast("--in-flight", inFlight, 1);
    List<Photo> photos = photos();
    var finished = new ConcurrentLinkedQueue<Enrolled>();
    try (GatewayClient client = gateway.connect()) {
      collection.createIfAbsent(client, model.name());
      try (ProgressBar progress = console.progress("enrolling", photos.size())) {
        InFlight.map(
            photos,
            inFlight,
            photo -> {
              Enrolled enrolled = enroll(client, photo);
              finished.add(enrolled);
              if (!console.json()) {
                progress.line(enrolled.line());
              }
              progress.step();
              return enrolled;
            });
      } finally {
        summarise(photos.size(), List.copyOf(finished));
      }
    }
    return finished.stream().anyMatch(one -> one.outcome == Outcome.REFUSED)
        ? ExitCode.NEGATIVE
        : ExitCode.OK;
  }

  private List<Photo> photos() {
    List<Photo> photos = new ArrayList<>();
    for (Path source : sources) {
      if (Files.isDirectory(source)) {
        Photos.below(source).forEach(file -> photos.add(new Photo(file, subjectOf(file))));
      } else if (!Files.exists(source)) {
        throw CommandFailure.file(source, new NoSuchFileException(source.toString()));
      } else {
        photos.add(new Photo(source, subjectOf(source)));
      }
    }
    if (photos.isEmpty()) {
      throw new CommandFailure(ExitCode.USAGE, "no photos there");
    }
    return photos;
  }

  private SubjectName subjectOf(Path file) {
    if (subject.isPresent()) {
      return SubjectName.of(subject.get());
    }
    Path folder = file.getParent();
    Path name = folder == null ? null : folder.toAbsolutePath().normalize().getFileName();
    if (name == null) {
      throw new CommandFailure(
          ExitCode.USAGE, file + ": no folder says who this is; use --subject NAME");
    }
    return SubjectName.of(name.toString());
  }

  private Enrolled enroll(GatewayClient client, Photo photo) {
    try {
      EnrollResponse response =
          client.faces(
              stub ->
                  stub.enroll(
                      EnrollRequest.newBuilder()
                          .setCollectionId(collection.id())
                          .setSubjectId(photo.subject.id())
                          .setDisplayName(photo.subject.displayName())
                          .setProbe(Photos.probe(photo.file))
                          .setOptions(finding.about(face))
                          .setPriority(Priority.PRIORITY_BULK)
                          .build()));
      return new Enrolled(
          photo.file.toString(),
          response.getReplayed() ? Outcome.ALREADY_THERE : Outcome.ENROLLED,
          photo.subject.id(),
          response.getFacesList().stream().map(one -> one.getFace().getFaceId()).toList(),
          "");
    } catch (CommandFailure e) {
      if (!e.aboutInput()) {
        throw e;
      }
      return new Enrolled(
          photo.file.toString(),
          Outcome.REFUSED,
          photo.subject.id(),
          List.of(),
          String.valueOf(e.getMessage()));
    }
  }

  private void summarise(int photos, List<Enrolled> finished) {
    long enrolled = count(finished, Outcome.ENROLLED);
    long alreadyThere = count(finished, Outcome.ALREADY_THERE);
    long refused = count(finished, Outcome.REFUSED);
    if (console.json()) {
      console.document(new Summary(photos, enrolled, alreadyThere, refused, finished));
    } else {
      console.line(
          "%d photos: %d enrolled, %d already there, %d refused%s",
          photos,
          enrolled,
          alreadyThere,
          refused,
          finished.size() < photos
              ? "; %d not reached: repeat the command".formatted(photos - finished.size())
              : "");
    }
  }

  private static long count(List<Enrolled> finished, Outcome outcome) {
    return finished.stream().filter(one -> one.outcome == outcome).count();
  }
}
