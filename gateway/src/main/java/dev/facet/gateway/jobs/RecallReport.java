package dev.facet.gateway.jobs;

/**
 * How much of what there is the gallery finds. Shares are from 0 to 1, and 1 where there was
 * nothing to find.
 *
 * @param faces living ones in the ledger
 * @param searched faces whose vectors were searched
 * @param neighbours faces within the match threshold of those, all together
 * @param threshold the share of the neighbours that was found
 * @param first the share of searches whose nearest face was found
 * @param ten the share of the ten nearest that was found
 */
public record RecallReport(
    long faces, long searched, long neighbours, double threshold, double first, double ten) {}
