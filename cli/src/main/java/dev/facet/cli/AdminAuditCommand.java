package dev.facet.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import dev.facet.proto.v1.AuditHead;
import dev.facet.proto.v1.AuditRecord;
import dev.facet.proto.v1.ListAuditRecordsRequest;
import dev.facet.proto.v1.ListAuditRecordsResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the audit log, and follows its chain. */
@Command(
    name = "audit",
    header = "Print the record of what was done, or verify its chain.",
    description = {
      "One line a record: number, time, tenant, key, RPC, what it was about, outcome. The operator",
      "sees all tenants' records, others their own."
    },
    footer = {
      "",
      "Each record holds the digest of the one before. --verify computes all of them anew, names the",
      "first record that is missing, altered or out of place, and prints the newest record's number",
      "and digest: noted elsewhere and given as --head, they tell later that nobody has written the",
      "chain anew. Exit code 1 when something is wrong.",
      "",
      "Examples:",
      "  facet admin audit --after 1000",
      "  facet admin audit --json > audit.json",
      "  facet admin audit --verify --file audit.json"
    })
final class AdminAuditCommand implements Callable<Integer> {
  private static final int PAGE_SIZE = 1000;
  private static final Pattern HEAD = Pattern.compile("(\\d{1,18}):([0-9a-f]{64})");

  @Option(names = "--verify", description = "Verify the chain instead of printing it.")
  private boolean verify;

  @Option(
      names = "--after",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "Print only what comes after this record.")
  private long after;

  @Option(
      names = "--head",
      paramLabel = "NUMBER:SHA256",
      description = "What --verify printed at an earlier time.")
  private Optional<String> head = Optional.empty();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Read what --json printed once, and ask no gateway.")
  private Optional<Path> file = Optional.empty();

  @Mixin private final GatewayOptions gateway = new GatewayOptions();
  @Mixin private final Console console = new Console();

  private record Log(List<AuditRecord> records, AuditHead head) {}

  @Override
  public Integer call() {
    Optional<AuditHead> noted = head.map(AdminAuditCommand::noted);
    if (verify && after > 0) {
      throw new CommandFailure(ExitCode.USAGE, "--verify begins at the first record: no --after");
    }
    Log log = file.isPresent() ? read(file.get()) : fetch();
    return verify ? verify(log, noted) : print(log);
  }

  private int print(Log log) {
    List<AuditRecord> records =
        log.records.stream().filter(record -> record.getNumber() > after).toList();
    if (console.json()) {
      JsonObject document = new JsonObject();
      JsonArray array = new JsonArray();
      records.forEach(record -> array.add(Console.element(record)));
      document.add("records", array);
      document.add("head", Console.element(log.head));
      console.document(document);
    } else {
      records.forEach(
          record ->
              console.line(
                  "%d  %s  %s  %s  %s  %s  %s",
                  record.getNumber(),
                  Timestamps.toString(record.getTime()),
                  orDash(record.getTenantId()),
                  orDash(record.getKeyId()),
                  record.getAction(),
                  record.getObjects(),
                  record.getOutcome()));
    }
    return ExitCode.OK;
  }

  private int verify(Log log, Optional<AuditHead> noted) {
    AuditChain chain = new AuditChain();
    log.records.forEach(chain::add);
    chain.hold(log.head, numbered(log, log.head.getNumber()));
    noted.ifPresent(head -> chain.hold(head, numbered(log, head.getNumber())));
    Optional<String> complaint = chain.complaint();
    if (console.json()) {
      JsonObject document = new JsonObject();
      document.addProperty("verified", chain.verified());
      document.addProperty("head", chain.verified() + ":" + chain.sha256());
      complaint.ifPresent(words -> document.addProperty("complaint", words));
      console.document(document);
    } else if (complaint.isPresent()) {
      console.line("broken  %s; %d records before are right", complaint.get(), chain.verified());
    } else {
      console.line(
          "right  %d records; head %d:%s", chain.verified(), chain.verified(), chain.sha256());
    }
    return complaint.isPresent() ? ExitCode.NEGATIVE : ExitCode.OK;
  }

  private static Optional<AuditRecord> numbered(Log log, long number) {
    return log.records.stream().filter(record -> record.getNumber() == number).findFirst();
  }

  private static String orDash(String word) {
    return word.isEmpty() ? "-" : word;
  }

  private static AuditHead noted(String text) {
    Matcher head = HEAD.matcher(text);
    if (!head.matches()) {
      throw new CommandFailure(ExitCode.USAGE, "--head is NUMBER:SHA256, as --verify prints it");
    }
    return AuditHead.newBuilder()
        .setNumber(Long.parseLong(head.group(1)))
        .setSha256(head.group(2))
        .build();
  }

  /** The head of the first page: what is added meanwhile comes after it. */
  private Log fetch() {
    try (GatewayClient client = gateway.connect()) {
      List<AuditRecord> records = new ArrayList<>();
      Optional<AuditHead> first = Optional.empty();
      String token = "";
      do {
        ListAuditRecordsRequest request =
            ListAuditRecordsRequest.newBuilder()
                .setPageSize(PAGE_SIZE)
                .setPageToken(token)
                .setAfterNumber(after)
                .build();
        ListAuditRecordsResponse page = client.admin(stub -> stub.listAuditRecords(request));
        if (verify && !page.hasHead()) {
          throw new CommandFailure(
              ExitCode.REFUSED, "only the operator's key sees the whole chain, and can verify it");
        }
        first = first.or(() -> Optional.of(page.getHead()));
        records.addAll(page.getRecordsList());
        token = page.getNextPageToken();
      } while (!token.isEmpty());
      return new Log(records, first.orElse(AuditHead.getDefaultInstance()));
    }
  }

  private static Log read(Path file) {
    try {
      JsonObject document = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      List<AuditRecord> records = new ArrayList<>();
      for (JsonElement element : document.getAsJsonArray("records")) {
        records.add(merge(element, AuditRecord.newBuilder()).build());
      }
      return new Log(records, merge(document.get("head"), AuditHead.newBuilder()).build());
    } catch (IOException e) {
      throw CommandFailure.file(file, e);
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      throw new CommandFailure(
          ExitCode.REFUSED, file + " is not what 'facet admin audit --json' prints", e);
    }
  }

  private static <B extends Message.Builder> B merge(JsonElement element, B message)
      throws InvalidProtocolBufferException {
    JsonFormat.parser().merge(element.toString(), message);
    return message;
  }
}
