package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SubjectNameTest {

  @Test
  void aNameThatIsAnIdStaysAsItIs() {
    assertThat(SubjectName.of("Aaron_Peirsol")).isEqualTo(new SubjectName("Aaron_Peirsol", ""));
  }

  @Test
  void anyOtherNameIsKeptForDisplay() {
    SubjectName name = SubjectName.of("José María (senior)");

    assertThat(name.id()).matches("Jose_Maria_senior_-[0-9a-f]{8}");
    assertThat(name.displayName()).isEqualTo("José María (senior)");
  }

  @Test
  void namesThatDifferOnlyInAccentsStayTwoPeople() {
    assertThat(SubjectName.of("Müller").id()).isNotEqualTo(SubjectName.of("Muller").id());
    assertThat(SubjectName.of("王小明").id()).isNotEqualTo(SubjectName.of("李雷").id());
  }

  @Test
  void theSameLettersWrittenInTwoWaysAreOnePerson() {
    assertThat(SubjectName.of("Zoe\u0308").id()).isEqualTo(SubjectName.of("Zo\u00eb").id());
  }

  @Test
  void longNamesFitIntoAnId() {
    SubjectName name = SubjectName.of("x".repeat(300));

    assertThat(name.id()).hasSize(64);
    assertThat(name.displayName()).hasSize(256);
  }
}
