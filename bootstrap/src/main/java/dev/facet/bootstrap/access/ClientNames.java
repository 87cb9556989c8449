package dev.facet.bootstrap.access;

import dev.facet.bootstrap.Refusal;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in those clients whose certificate has one of some names; looks once at each connection, and
 * refuses each call on those of others.
 */
final class ClientNames extends ServerTransportFilter implements ServerInterceptor {
  private static final Logger log = LoggerFactory.getLogger(ClientNames.class);
  private static final Attributes.Key<Boolean> ADMITTED = Attributes.Key.create("facet.admitted");
  private static final int DNS = 2; // RFC 5280, GeneralName
  private static final int URI = 6;

  private final Set<String> admitted;

  ClientNames(List<String> names) {
    admitted = names.stream().map(ClientNames::folded).collect(Collectors.toSet());
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    List<String> names = names(attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
    boolean known = names.stream().map(ClientNames::folded).anyMatch(admitted::contains);
    if (!known) {
      log.warn("A client whose certificate is for {} is refused, see tls.client-names", names);
    }
    return attributes.toBuilder().set(ADMITTED, known).build();
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    if (!Objects.equals(call.getAttributes().get(ADMITTED), true)) {
      throw Refusal.of(
          Status.Code.PERMISSION_DENIED,
          "PERMISSION_DENIED",
          "the client's certificate has none of the names that may call this service");
    }
    return next.startCall(call, headers);
  }

  /** Hosts' names are the same in any case; URIs are taken to be, which lets nobody else in. */
  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static List<String> names(@Nullable SSLSession session) {
    List<String> names = new ArrayList<>();
    try {
      if (session != null && session.getPeerCertificates()[0] instanceof X509Certificate client) {
        Collection<List<?>> all = client.getSubjectAlternativeNames();
        for (List<?> name : all == null ? List.<List<?>>of() : all) {
          if (name.get(0) instanceof Integer kind && (kind == DNS || kind == URI)) {
            names.add(String.valueOf(name.get(1)));
          }
        }
      }
    } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
      log.warn("The names in a client's certificate cannot be read", e);
    }
    return names;
  }
}
