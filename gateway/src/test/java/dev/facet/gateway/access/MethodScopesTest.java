package dev.facet.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FileDescriptor;
import dev.facet.gateway.ledger.Scope;
import dev.facet.proto.v1.AdminServiceOuterClass;
import dev.facet.proto.v1.CollectionServiceOuterClass;
import dev.facet.proto.v1.FaceServiceOuterClass;
import dev.facet.proto.v1.OperationServiceOuterClass;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MethodScopesTest {

  /** A new RPC that nobody thought about would otherwise be open, or shut, by accident. */
  @Test
  void everyRpcOfTheContractHasARowAndEveryRowAnRpc() {
    Set<String> rpcs =
        Stream.of(
                FaceServiceOuterClass.getDescriptor(),
                CollectionServiceOuterClass.getDescriptor(),
                OperationServiceOuterClass.getDescriptor(),
                AdminServiceOuterClass.getDescriptor())
            .map(FileDescriptor::getServices)
            .flatMap(services -> services.stream())
            .flatMap(service -> service.getMethods().stream())
            .map(method -> method.getService().getFullName() + "/" + method.getName())
            .collect(Collectors.toSet());
    assertThat(MethodScopes.rows().keySet()).isEqualTo(rpcs);
  }

  @Test
  void everyScopeOpensSomethingAndNoneOpensAll() {
    for (Scope scope : Scope.values()) {
      Set<Scope> alone = EnumSet.of(scope);
      assertThat(MethodScopes.rows().keySet())
          .anyMatch(method -> MethodScopes.allow(method, alone))
          .anyMatch(method -> !MethodScopes.allow(method, alone));
    }
  }

  @Test
  void whoIsNoAdministratorCallsNothingOfTheAdminService() {
    Set<Scope> others = EnumSet.complementOf(EnumSet.of(Scope.ADMIN));
    assertThat(MethodScopes.rows().keySet())
        .filteredOn(method -> method.contains("AdminService"))
        .isNotEmpty()
        .noneMatch(method -> MethodScopes.allow(method, others));
  }

  @Test
  void aMethodThatIsNotKnownIsDenied() {
    assertThat(
            MethodScopes.allow(
                "facet.v1.FaceService/New", EnumSet.complementOf(EnumSet.of(Scope.DETECT))))
        .isFalse();
  }
}
