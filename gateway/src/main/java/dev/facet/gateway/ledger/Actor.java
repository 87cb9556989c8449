package dev.facet.gateway.ledger;

/**
 * Who changes something.
 *
 * @param tenant whose key it is
 * @param keyId empty where no keys are demanded
 */
public record Actor(String tenant, String keyId) {}
