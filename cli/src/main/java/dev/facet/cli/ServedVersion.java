package dev.facet.cli;

import dev.facet.proto.detector.v1.DetectorModel;
import dev.facet.proto.embedder.v1.EmbedderModel;
import dev.facet.proto.type.v1.ModelId;
import dev.facet.proto.type.v1.ModelMemory;
import dev.facet.proto.type.v1.ModelState;
import java.util.Locale;

/**
 * A version of a model in a service, as the commands show it.
 *
 * @param current whether it is what its name means
 * @param standard whether it is what requests get that name no model
 * @param calls that use it now
 * @param precision of its numbers; empty while it is loaded
 * @param loadBytes by how much the process's memory grew during the load; 0 where it did not, or
 *     the system does not tell
 */
record ServedVersion(
    String task,
    String name,
    String version,
    String state,
    boolean current,
    boolean standard,
    int calls,
    String precision,
    long fileBytes,
    long graphBytes,
    long loadBytes) {

  static ServedVersion of(DetectorModel model) {
    return of(
        "detector",
        model.getId(),
        model.getState(),
        model.getCurrent(),
        model.getDefault(),
        model.getCalls(),
        model.getPrecision(),
        model.getMemory());
  }

  static ServedVersion of(EmbedderModel model) {
    return of(
        "embedder",
        model.getId(),
        model.getState(),
        model.getCurrent(),
        model.getDefault(),
        model.getCalls(),
        model.getPrecision(),
        model.getMemory());
  }

  private static ServedVersion of(
      String task,
      ModelId id,
      ModelState state,
      boolean current,
      boolean standard,
      int calls,
      String precision,
      ModelMemory memory) {
    return new ServedVersion(
        task,
        id.getName(),
        id.getVersion(),
        state.name().replace("MODEL_STATE_", "").toLowerCase(Locale.ROOT),
        current,
        standard,
        calls,
        precision,
        memory.getFileBytes(),
        memory.getGraphBytes(),
        Math.max(0, memory.getProcessBytesAfter() - memory.getProcessBytesBefore()));
  }

  String line() {
    return "%-9s %-33s %-9s %-8s %5d calls  %-4s  weights %.1f MB, graphs %.1f MB, load took %.1f MB"
        .formatted(
            task,
            name + "@" + version,
            state,
            standard ? "default" : current ? "current" : "",
            calls,
            precision,
            fileBytes / 1e6,
            graphBytes / 1e6,
            loadBytes / 1e6);
  }
}
