package dev.facet.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.inference.serving.LiveModel;
import dev.facet.inference.serving.MemoryChange;
import dev.facet.inference.serving.ModelVersion;
import dev.facet.models.ServedModel;
import dev.facet.proto.type.v1.ModelMemory;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServingMessagesTest {

  @ParameterizedTest
  @EnumSource
  void stateKeepsItsName(LiveModel.State state) {
    assertThat(ServingMessages.state(state).name()).isEqualTo("MODEL_STATE_" + state);
  }

  @Test
  void versionThatIsLoadingHasNoBytesOfItsOwn() {
    LiveModel<ServedModel> loading =
        new LiveModel<>(
            new ModelVersion("m", "1"),
            LiveModel.State.LOADING,
            false,
            false,
            0,
            Optional.empty(),
            new MemoryChange(OptionalLong.of(7), OptionalLong.empty()));
    assertThat(ServingMessages.memory(loading, Function.identity()))
        .isEqualTo(ModelMemory.newBuilder().setProcessBytesBefore(7).build());
    assertThat(ServingMessages.id(loading.version()).getWeightsSha256()).isEmpty();
  }
}
