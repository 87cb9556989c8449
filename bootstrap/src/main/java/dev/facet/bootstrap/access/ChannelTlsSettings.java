package dev.facet.bootstrap.access;

import dev.facet.bootstrap.Require;
import dev.facet.bootstrap.Setting;
import java.nio.file.Path;
import java.util.Optional;

/** TLS of the channels by which a service calls others. */
public record ChannelTlsSettings(
    @Setting(
            doc =
                "PEM file with the authorities of the servers' certificates, or system for the"
                    + " JVM's own; with it TLS is spoken")
        Optional<String> authorities,
    @Setting(
            doc =
                "PEM file with the certificate that is shown to servers which ask for one, and its chain")
        Optional<Path> certificate,
    @Setting(doc = "PEM file with the key of that certificate, PKCS#8 and unencrypted")
        Optional<Path> key) {

  static final String SYSTEM = "system";

  public ChannelTlsSettings {
    Require.that(
        certificate.isPresent() == key.isPresent(),
        "certificate and key belong together: set both or none");
    Require.that(certificate.isEmpty() || authorities.isPresent(), "certificate needs authorities");
  }

  public boolean isOn() {
    return authorities.isPresent();
  }
}
