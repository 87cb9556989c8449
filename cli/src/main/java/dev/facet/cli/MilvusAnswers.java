package dev.facet.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * A Milvus is ready when it lists its collections and answers a query of each that is loaded: it
 * calls itself healthy long before, and lists them while their rows are still on the way.
 */
final class MilvusAnswers implements Readiness {

  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final int OK = 200;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(DEADLINE).build();

  private final URI collections;
  private final URI query;

  /** Asks at a port of this machine, over HTTP. */
  MilvusAnswers(int port) {
    String vectors = "http://127.0.0.1:" + port + "/v1/vector/";
    this.collections = URI.create(vectors + "collections");
    this.query = URI.create(vectors + "query");
  }

  @Override
  public boolean serving() {
    try {
      JsonObject list = ask(HttpRequest.newBuilder(collections));
      if (!isAnswer(list)) {
        return false;
      }
      for (JsonElement collection : list.getAsJsonArray("data")) {
        if (isLoaded(collection.getAsString())
            && !isAnswer(ask(HttpRequest.newBuilder(query).POST(row(collection))))) {
          return false;
        }
      }
      return true;
    } catch (IOException | JsonParseException | IllegalStateException e) {
      return false; // not there yet, or no more
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Or is to be: one that nobody asked to load is no reason to wait. */
  private boolean isLoaded(String collection) throws IOException, InterruptedException {
    URI description = URI.create(collections + "/describe?collectionName=" + collection);
    JsonObject answer = ask(HttpRequest.newBuilder(description));
    return !isAnswer(answer)
        || !answer.getAsJsonObject("data").get("load").getAsString().equals("LoadStateNotLoad");
  }

  /** Any row: all of the gateway's collections have numbers as keys. */
  private static HttpRequest.BodyPublisher row(JsonElement collection) {
    JsonObject question = new JsonObject();
    question.add("collectionName", collection);
    question.addProperty("filter", "key >= 0");
    question.add("outputFields", JsonParser.parseString("[\"key\"]"));
    question.addProperty("limit", 1);
    return BodyPublishers.ofString(question.toString());
  }

  private JsonObject ask(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpRequest question =
        request.timeout(DEADLINE).header("Content-Type", "application/json").build();
    return JsonParser.parseString(client.send(question, BodyHandlers.ofString()).body())
        .getAsJsonObject();
  }

  private static boolean isAnswer(JsonObject answer) {
    return answer.has("code") && answer.get("code").getAsInt() == OK;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
