package dev.facet.models.checkpoint;

/**
 * A run of numbers in a PyTorch file, of which tensors are views.
 *
 * @param key its name in the file
 * @param elements how many numbers
 */
record Storage(ElementType type, String key, long elements) {

  Storage {
    if (elements < 0 || elements > Checkpoint.LARGEST_FILE_BYTES) {
      throw new CheckpointException("storage '%s' of %,d numbers".formatted(key, elements));
    }
  }

  long bytes() {
    return elements * type.bytes();
  }
}
