package dev.facet.inference.serving;

import java.util.OptionalLong;

/** A model that counts how often it was opened, closed, and used without being open. */
final class FakeModel {
  private int openings; // guarded by this, as are the others
  private int closings;
  private int misuses;

  static LiveModels<FakeModel> none() {
    return new LiveModels<>(FakeModel::close, OptionalLong::empty);
  }

  synchronized FakeModel open() {
    openings++;
    return this;
  }

  synchronized void use() {
    if (openings != 1 || closings > 0) {
      misuses++;
    }
  }

  synchronized void close() {
    closings++;
  }

  synchronized int openings() {
    return openings;
  }

  synchronized int closings() {
    return closings;
  }

  synchronized int misuses() {
    return misuses;
  }
}
