package dev.facet.models;

/**
 * Under which terms a model's weights may be used.
 *
 * @param spdx the SPDX identifier
 * @param attribution whom to name, as the licence asks
 */
public record Licence(String spdx, String attribution) {

  public Licence {
    Rules.require(spdx.matches("[A-Za-z0-9.+-]+"), "licence.spdx must be an SPDX identifier", spdx);
    Rules.require(!attribution.isBlank(), "licence.attribution must be given", attribution);
  }
}
