package dev.facet.cli;

/** What the command's exit code says; the higher ones are those of BSD's sysexits. */
final class ExitCode {

  /** Done, and the answer is yes. */
  static final int OK = 0;

  /** Done, and the answer is no: no face, no match, or some files were refused. */
  static final int NEGATIVE = 1;

  /** The command line makes no sense. */
  static final int USAGE = 2;

  /** The input was refused, by the service or by the command itself. */
  static final int REFUSED = 65;

  /** A service cannot be reached, is not ready, is too slow or did not start. */
  static final int UNAVAILABLE = 69;

  /** A fault of Facet's own. */
  static final int INTERNAL = 70;

  /** A file cannot be read or written. */
  static final int FILE = 74;

  /** Stopped by Ctrl-C. */
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
