package dev.facet.bootstrap;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Adapts a nested settings record, shared by several services, to the one that contains it. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Group {

  /** Whether the name of the component is left out of the keys under it. */
  boolean inline() default false;

  /**
   * Defaults of this service in place of the record's own, as {@code key=value} under the group.
   */
  String[] defaults() default {};
}
