package dev.facet.bootstrap.access;

import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.CertificateUtils;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.X509KeyManager;

/** The certificate and key by which a process shows who it is, taken from two files as one. */
final class Identity {
  private final AdvancedTlsX509KeyManager manager = new AdvancedTlsX509KeyManager();
  private final AtomicLong expiry = new AtomicLong();

  private Identity() {}

  /**
   * Loads an identity now, and again when either file changes: connections made from then on show
   * the new one, and a handshake under way ends with the one that it began with.
   *
   * @param group of the settings, such as {@code tls}
   */
  static X509KeyManager load(
      String group, Path certificate, Path key, WatchedFiles files, MeterRegistry meters) {
    Identity identity = new Identity();
    files.load(
        "%s.certificate and %s.key".formatted(group, group),
        List.of(certificate, key),
        contents -> identity.take(contents.get(0), contents.get(1)));
    Gauge.builder("facet.certificate.expiry", identity.expiry, AtomicLong::get)
        .description("When the certificate in use expires, in seconds since 1970")
        .tag("setting", group + ".certificate")
        .baseUnit("seconds")
        .register(meters);
    return identity.manager;
  }

  private void take(byte[] certificate, byte[] key) throws GeneralSecurityException, IOException {
    X509Certificate[] chain = certificates(certificate);
    PrivateKey secret = key(key);
    chain[0].checkValidity();
    requirePair(chain[0], secret);
    manager.updateIdentityCredentials(chain, secret);
    expiry.set(chain[0].getNotAfter().toInstant().getEpochSecond());
  }

  /** All certificates of a PEM file, one at least. */
  static X509Certificate[] certificates(byte[] pem) throws CertificateException {
    X509Certificate[] all;
    try {
      all = CertificateUtils.getX509Certificates(new ByteArrayInputStream(pem));
    } catch (CertificateException e) {
      throw new CertificateException("a certificate is not whole PEM", e);
    }
    if (all.length == 0) {
      throw new CertificateException("there is no certificate in the file");
    }
    return all;
  }

  private static PrivateKey key(byte[] pem) throws GeneralSecurityException, IOException {
    try {
      return CertificateUtils.getPrivateKey(new ByteArrayInputStream(pem));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // No cause: nothing that was read from a key goes into a log.
      throw new GeneralSecurityException(
          "the key is not whole unencrypted PKCS#8 PEM of RSA or EC (BEGIN PRIVATE KEY)");
    }
  }

  private static void requirePair(X509Certificate certificate, PrivateKey key)
      throws GeneralSecurityException {
    String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    byte[] text = {1, 2, 3};
    boolean pair;
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(text);
      pair = signature.verify(signed);
    } catch (SignatureException | InvalidKeyException e) {
      pair = false; // of another algorithm or length
    }
    if (!pair) {
      throw new GeneralSecurityException("the key is not that of the certificate");
    }
  }
}
