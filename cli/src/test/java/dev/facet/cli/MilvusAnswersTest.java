package dev.facet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a Milvus counts as ready, by what it answers over HTTP. */
class MilvusAnswersTest {

  private static final String COLLECTIONS = "/v1/vector/collections";
  private static final String DESCRIBE = COLLECTIONS + "/describe?collectionName=facet_1_1";
  private static final String QUERY = "/v1/vector/query";

  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> queries = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private MilvusAnswers milvus;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    milvus = new MilvusAnswers(server.getAddress().getPort());
  }

  @AfterEach
  void close() {
    milvus.close();
    server.stop(0);
  }

  private void answer(HttpExchange call) throws IOException {
    String body = new String(call.getRequestBody().readAllBytes(), UTF_8);
    if (!body.isEmpty()) {
      queries.add(body);
    }
    byte[] answer =
        answers.getOrDefault(call.getRequestURI().toString(), "404 page not found").getBytes(UTF_8);
    call.sendResponseHeaders(200, answer.length);
    call.getResponseBody().write(answer);
    call.close();
  }

  @Test
  void anEmptyOneIsReadyWhenItListsNothing() {
    answers.put(COLLECTIONS, "{\"code\":200,\"data\":[]}");
    assertThat(milvus.serving()).isTrue();
  }

  @Test
  void notBeforeItLists() {
    assertThat(milvus.serving()).isFalse();
    answers.put(COLLECTIONS, "{\"code\":1,\"message\":\"not ready\"}");
    assertThat(milvus.serving()).isFalse();
    server.stop(0);
    assertThat(milvus.serving()).isFalse();
  }

  @Test
  void notBeforeTheRowsOfALoadingCollectionAreThere() {
    answers.put(COLLECTIONS, "{\"code\":200,\"data\":[\"facet_1_1\"]}");
    answers.put(DESCRIBE, "{\"code\":200,\"data\":{\"load\":\"LoadStateLoading\"}}");
    answers.put(QUERY, "{\"code\":101,\"message\":\"collection not loaded\"}");
    assertThat(milvus.serving()).isFalse();

    answers.put(QUERY, "{\"code\":200,\"data\":[{\"key\":\"2\"}]}");
    assertThat(milvus.serving()).isTrue();
    assertThat(queries)
        .last()
        .asString()
        .contains("\"collectionName\":\"facet_1_1\"", "\"filter\":\"key ", "\"limit\":1");
  }

  @Test
  void aCollectionThatNobodyLoadedIsNotWaitedFor() {
    answers.put(COLLECTIONS, "{\"code\":200,\"data\":[\"facet_1_1\"]}");
    answers.put(DESCRIBE, "{\"code\":200,\"data\":{\"load\":\"LoadStateNotLoad\"}}");
    answers.put(QUERY, "{\"code\":101,\"message\":\"collection not loaded\"}");
    assertThat(milvus.serving()).isTrue();
  }
}
