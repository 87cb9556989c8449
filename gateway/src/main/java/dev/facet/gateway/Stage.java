package dev.facet.gateway;

/** What is measured of a call: microseconds, or a count where the name says so. */
enum Stage {
  DECODE,
  DETECT_QUEUE,
  DETECT,
  DETECT_BATCH_SIZE,
  CROP,
  EMBED_QUEUE,
  EMBED,
  EMBED_BATCH_SIZE,
  SEARCH,
  ARCHIVE,
  LEDGER
}
