package dev.facet.bootstrap.access;

import dev.facet.bootstrap.StartException;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The authorities whose certificates are believed. */
final class Authorities {
  private Authorities() {}

  /** Of clients; which of them may call is not the handshake's to say. */
  static TrustManager ofClients(Path file, WatchedFiles files) {
    return new ClientTrust(
        load("tls.client-authorities", file, Verification.CERTIFICATE_ONLY_VERIFICATION, files));
  }

  /** Of servers, whose certificates must be for the host's name. */
  static TrustManager ofServers(String setting, String source, WatchedFiles files) {
    if (!source.equals(ChannelTlsSettings.SYSTEM)) {
      return load(
          setting, Path.of(source), Verification.CERTIFICATE_AND_HOST_NAME_VERIFICATION, files);
    }
    AdvancedTlsX509TrustManager manager =
        manager(Verification.CERTIFICATE_AND_HOST_NAME_VERIFICATION);
    try {
      manager.useSystemDefaultTrustCerts();
    } catch (GeneralSecurityException e) {
      throw new StartException(setting + "=system: this JVM has no authorities of its own");
    }
    return manager;
  }

  private static X509ExtendedTrustManager load(
      String setting, Path file, Verification verification, WatchedFiles files) {
    AdvancedTlsX509TrustManager manager = manager(verification);
    files.load(
        setting,
        List.of(file),
        contents -> manager.updateTrustCredentials(Identity.certificates(contents.getFirst())));
    return manager;
  }

  private static AdvancedTlsX509TrustManager manager(Verification verification) {
    try {
      return AdvancedTlsX509TrustManager.newBuilder().setVerification(verification).build();
    } catch (CertificateException e) {
      throw new IllegalStateException(e); // only where a verifier of one's own is needed
    }
  }
}
