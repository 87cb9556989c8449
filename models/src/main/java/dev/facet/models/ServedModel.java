package dev.facet.models;

import java.nio.file.Path;

/**
 * A model on disk in the form in which the services run it.
 *
 * @param path the rewritten ONNX file: input {@code image}, uint8 [N, height, width, 3], RGB
 */
public record ServedModel(ModelRecord model, ModelId id, Path path) {}
