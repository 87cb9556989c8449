package dev.facet.bootstrap.access;

import dev.facet.bootstrap.Require;
import dev.facet.bootstrap.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** TLS at the gRPC port of a service, and how often the files of all of its TLS are looked at. */
public record TlsSettings(
    @Setting(
            doc =
                "PEM file with this service's certificate and the chain to its authority; with it"
                    + " the gRPC port speaks TLS only")
        Optional<Path> certificate,
    @Setting(doc = "PEM file with the key of that certificate, PKCS#8 and unencrypted")
        Optional<Path> key,
    @Setting(
            doc =
                "PEM file with the authorities of clients; with it every client must show a"
                    + " certificate of theirs")
        Optional<Path> clientAuthorities,
    @Setting(
            doc =
                "DNS names or URIs of which a client's certificate must have one, as a subject's"
                    + " alternative name; any certificate will do without")
        List<String> clientNames,
    @Setting(
            value = "10s",
            doc = "How often files of certificates, keys and tokens are looked at for a change")
        Duration reloadEvery) {

  public TlsSettings {
    Require.that(
        certificate.isPresent() == key.isPresent(),
        "certificate and key belong together: set both or none");
    Require.that(
        clientAuthorities.isEmpty() || certificate.isPresent(),
        "client-authorities needs certificate and key");
    Require.that(
        clientNames.isEmpty() || clientAuthorities.isPresent(),
        "client-names needs client-authorities");
    Require.positive("reload-every", reloadEvery);
  }

  /** Whether the port speaks TLS. */
  public boolean isOn() {
    return certificate.isPresent();
  }

  /** Whether only clients with a certificate can connect. */
  public boolean demandsCertificates() {
    return clientAuthorities.isPresent();
  }
}
