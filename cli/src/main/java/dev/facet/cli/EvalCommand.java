package dev.facet.cli;

import picocli.CommandLine.Command;

/** Measures how well the running services recognise people. */
@Command(
    name = "eval",
    header = "Measure how well the running services recognise people.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {EvalIdentifyCommand.class, EvalLfwCommand.class, EvalPairsCommand.class})
final class EvalCommand {}
