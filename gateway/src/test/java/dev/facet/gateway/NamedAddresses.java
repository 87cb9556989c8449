package dev.facet.gateway;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A name that stands for ports of loopback, as DNS would have it; it is asked when DNS would be.
 */
final class NamedAddresses extends NameResolverProvider implements AutoCloseable {
  private static final String SCHEME = "ports";

  private volatile List<Integer> ports = List.of();

  NamedAddresses(int... ports) {
    point(ports);
    NameResolverRegistry.getDefaultRegistry().register(this);
  }

  /** Whoever asks from now on hears of these. */
  void point(int... to) {
    ports = Arrays.stream(to).boxed().toList();
  }

  /** What a channel is opened with. */
  String target() {
    return SCHEME + ":///services";
  }

  @Override
  public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
    return SCHEME.equals(target.getScheme()) ? new Resolver() : null;
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return 5;
  }

  @Override
  public String getDefaultScheme() {
    return SCHEME;
  }

  @Override
  public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
    return Set.of(InetSocketAddress.class);
  }

  @Override
  public void close() {
    NameResolverRegistry.getDefaultRegistry().deregister(this);
  }

  private final class Resolver extends NameResolver {
    private @Nullable Listener2 listener;

    @Override
    public String getServiceAuthority() {
      return "services";
    }

    @Override
    public void start(Listener2 heard) {
      listener = heard;
      tell();
    }

    @Override
    public void refresh() {
      tell();
    }

    private void tell() {
      if (listener != null) {
        listener.onResult(
            ResolutionResult.newBuilder()
                .setAddressesOrError(
                    StatusOr.fromValue(
                        ports.stream()
                            .map(
                                port ->
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                            .map(EquivalentAddressGroup::new)
                            .toList()))
                .build());
      }
    }

    @Override
    public void shutdown() {}
  }
}
