package dev.facet.bench.load;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run at one pace.
 *
 * @param problems what was wrong with the generator; none when the run is valid
 * @param result null when the run is not valid: it claims nothing
 */
public record Run(
    Pace pace,
    boolean valid,
    List<String> problems,
    Lateness.Summary lateness,
    CpuUse cpu,
    @Nullable Result result,
    List<ServerMetrics> servers) {}
