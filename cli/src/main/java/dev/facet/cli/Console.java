package dev.facet.cli;

import com.google.errorprone.annotations.FormatMethod;
import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.protobuf.EmptyProto;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.ErrorDetailsProto;
import dev.facet.proto.v1.CollectionServiceOuterClass;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Where a command's answer goes: lines for people, or one JSON document on one line for programs.
 *
 * <p>Answers of the gateway are printed in the JSON form of the contract with its field names;
 * progress and notes go to standard error, so that standard output is the answer alone.
 */
final class Console {

  private static final JsonFormat.Printer CONTRACT =
      JsonFormat.printer()
          .preservingProtoFieldNames()
          .alwaysPrintFieldsWithNoPresence()
          .omittingInsignificantWhitespace()
          // What an Any of an operation may hold.
          .usingTypeRegistry(
              TypeRegistry.newBuilder()
                  .add(CollectionServiceOuterClass.getDescriptor().getMessageTypes())
                  .add(EmptyProto.getDescriptor().getMessageTypes())
                  .add(ErrorDetailsProto.getDescriptor().getMessageTypes())
                  .build());

  private static final Gson GSON =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .disableHtmlEscaping()
          .create();

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec command;

  boolean json() {
    return json;
  }

  /** Prints a line of the answer. */
  @FormatMethod
  void line(String format, Object... values) {
    PrintWriter out = command.commandLine().getOut();
    out.println(String.format(format, values));
    out.flush();
  }

  /** Tells the person something that is not part of the answer. */
  @FormatMethod
  void note(String format, Object... values) {
    PrintWriter err = command.commandLine().getErr();
    err.println(String.format(format, values));
    err.flush();
  }

  /** Prints a record (or a map of records) as the JSON answer. */
  void document(Object answer) {
    line("%s", GSON.toJson(answer));
  }

  /** Prints a message of the contract as the JSON answer. */
  void document(MessageOrBuilder answer) {
    line("%s", print(answer));
  }

  /** A message of the contract as part of a larger JSON answer. */
  static JsonElement element(MessageOrBuilder message) {
    return JsonParser.parseString(print(message));
  }

  /** Shows how far a task is, on standard error. */
  ProgressBar progress(String task, long total) {
    return new ProgressBar(
        command.commandLine().getOut(),
        command.commandLine().getErr(),
        ProgressBar.terminal(),
        task,
        total);
  }

  private static String print(MessageOrBuilder message) {
    try {
      return CONTRACT.print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("a message without a JSON form", e);
    }
  }
}
