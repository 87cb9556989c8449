package dev.facet.bootstrap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.ThreadLocalRandom;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that issues certificates for the length of a test. */
final class TestAuthority {
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private final X500Name name;
  private final KeyPair keys = keys();
  private final X509Certificate certificate;

  /** A certificate and its key. */
  record Issued(X509Certificate certificate, PrivateKey key) {

    String pem() {
      return TestAuthority.pem("CERTIFICATE", encoded(certificate));
    }

    String keyPem() {
      return TestAuthority.pem("PRIVATE KEY", key.getEncoded());
    }

    /** Writes both, the certificate first. */
    void write(Path certificateFile, Path keyFile) {
      TestAuthority.write(certificateFile, pem());
      TestAuthority.write(keyFile, keyPem());
    }
  }

  TestAuthority(String name) {
    this.name = new X500Name("CN=" + name);
    certificate = sign(keys, this.name, Instant.now().plus(Duration.ofDays(1)), true);
  }

  /**
   * A certificate for a day.
   *
   * @param names of hosts, {@code 127.0.0.1}, or URIs
   */
  Issued issue(String... names) {
    return issue(Instant.now().plus(Duration.ofDays(1)), names);
  }

  Issued expired(String... names) {
    return issue(Instant.now().minus(Duration.ofHours(1)), names);
  }

  private Issued issue(Instant end, String... names) {
    KeyPair own = keys();
    return new Issued(sign(own, new X500Name("CN=test"), end, false, names), own.getPrivate());
  }

  String pem() {
    return pem("CERTIFICATE", encoded(certificate));
  }

  Path write(Path file) {
    return write(file, pem());
  }

  private X509Certificate sign(
      KeyPair subjectKeys, X500Name subject, Instant end, boolean authority, String... names) {
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(63, ThreadLocalRandom.current()),
            Date.from(Instant.now().minus(Duration.ofDays(2))),
            Date.from(end),
            subject,
            subjectKeys.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (names.length > 0) {
        GeneralName[] all =
            Arrays.stream(names).map(TestAuthority::generalName).toArray(GeneralName[]::new);
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static GeneralName generalName(String name) {
    int kind =
        name.contains("://")
            ? GeneralName.uniformResourceIdentifier
            : name.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName;
    return new GeneralName(kind, name);
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String what, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, LINES.encodeToString(content), what);
  }

  static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
