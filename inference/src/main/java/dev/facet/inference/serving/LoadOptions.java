package dev.facet.inference.serving;

/**
 * What becomes of others when a version is loaded.
 *
 * @param keepPrevious whether the version that had the name stays loaded, to be had as {@code
 *     NAME@VERSION}
 * @param makeDefault whether requests that name no model get this one from now on
 */
public record LoadOptions(boolean keepPrevious, boolean makeDefault) {

  /** The version before is drained and closed; the default stays what it is. */
  public static final LoadOptions REPLACE = new LoadOptions(false, false);
}
