package dev.loquat.examples;

import dev.loquat.error.LoquatException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * What the command line says of a failure: one line, then exit code 2 for a mistaken option and 1
 * for a model that can't run. Anything else is a bug and keeps its stack trace.
 */
final class ShortErrors {

  private ShortErrors() {}

  static CommandLine commandLine(Object command) {
    return new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(ShortErrors::mistakenOption)
        .setExecutionExceptionHandler(ShortErrors::failure);
  }

  private static int mistakenOption(ParameterException mistake, String[] args) {
    return print(mistake, mistake.getCommandLine(), CommandLine.ExitCode.USAGE);
  }

  private static int failure(Exception failure, CommandLine command, ParseResult parsed)
      throws Exception {
    if (failure instanceof LoquatException) {
      return print(failure, command, CommandLine.ExitCode.SOFTWARE);
    }
    if (failure instanceof IllegalArgumentException) {
      return print(failure, command, CommandLine.ExitCode.USAGE);
    }
    throw failure;
  }

  private static int print(Exception failure, CommandLine command, int exitCode) {
    String message = String.valueOf(failure.getMessage());
    command.getErr().println(message.replaceAll("\\s*\\R\\s*", " "));
    return exitCode;
  }
}
