package dev.facet.bootstrap;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;

/** Checks of settings, each complaining with the name and the value. */
public final class Require {
  private Require() {}

  public static void between(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s %d is not between %d and %d".formatted(name, value, least, most));
    }
  }

  /** Complains in these words when it does not hold. */
  public static void that(boolean holds, String complaint) {
    if (!holds) {
      throw new IllegalArgumentException(complaint);
    }
  }

  public static void port(String name, int value) {
    between(name, value, 0, 65535);
  }

  public static void positive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " must be longer than zero");
    }
  }

  public static void notNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException("%s %s is negative".formatted(name, value));
    }
  }

  static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("host " + host + " is not known on this machine", e);
    }
  }
}
