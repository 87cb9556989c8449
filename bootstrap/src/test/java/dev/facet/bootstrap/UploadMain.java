package dev.facet.bootstrap;

import com.google.protobuf.BytesValue;

/**
 * A service for {@link UploadFloodTest}, run as a process of its own: its method takes a copy of
 * the request, as a decoder does, and answers with nothing. The arguments are settings.
 */
final class UploadMain {
  private UploadMain() {}

  public static void main(String... settings) {
    try (ServiceHost host =
        ServiceHost.open("uploads", Settings.load(ServerSettings.class, settings))) {
      host.serve(
          ErrorTable.standard(),
          new EchoService(
              request -> {
                byte[] copy = request.getValue().toByteArray();
                return copy.length > 0 ? BytesValue.getDefaultInstance() : request;
              }));
      System.out.println(host.grpcPort() + " " + host.adminPort());
      host.awaitTermination();
    }
  }
}
