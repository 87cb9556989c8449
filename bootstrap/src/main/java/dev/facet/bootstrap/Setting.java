package dev.facet.bootstrap;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** One knob of a service: the default, unit and meaning of a component of a settings record. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {

  /**
   * The default, written as in a settings file. Blank means none: an {@code Optional} or a list is
   * then empty, anything else must be set.
   */
  String value() default "";

  /** The unit of a plain number, such as {@code bytes}; types such as Duration carry their own. */
  String unit() default "";

  /** What the knob does, in a sentence for the person who turns it. */
  String doc();

  /** Whether the value is masked wherever settings are shown. */
  boolean secret() default false;
}
