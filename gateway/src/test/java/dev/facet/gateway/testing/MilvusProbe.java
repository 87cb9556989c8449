package dev.facet.gateway.testing;

import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;

/** Asks a Milvus a real question: it calls itself healthy long before it answers one. */
final class MilvusProbe {
  private static final int MILLIS = 2_000;

  private MilvusProbe() {}

  static boolean answers(String uri) {
    try {
      MilvusClientV2 client =
          new MilvusClientV2(
              ConnectConfig.builder()
                  .uri(uri)
                  .connectTimeoutMs(MILLIS)
                  .rpcDeadlineMs(MILLIS)
                  .build());
      try {
        return client.listCollections() != null;
      } finally {
        client.close();
      }
    } catch (RuntimeException notYet) {
      return false;
    }
  }
}
