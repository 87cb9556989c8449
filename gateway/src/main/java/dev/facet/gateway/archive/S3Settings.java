package dev.facet.gateway.archive;

import dev.facet.bootstrap.Require;
import dev.facet.bootstrap.Setting;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** How to reach the bucket that pictures are kept in. */
public record S3Settings(
    @Setting(doc = "Bucket for the pictures; without one they are files in data.directory")
        Optional<String> bucket,
    @Setting(doc = "S3 service, http(s)://host:port; Amazon's own of the region without")
        Optional<String> endpoint,
    @Setting(value = "us-east-1", doc = "Region of the bucket") String region,
    @Setting(value = "facet", doc = "Begins the names of all objects") String prefix,
    @Setting(
            value = "true",
            doc =
                "Whether the bucket stands in the path and not in the host's name, as most services"
                    + " beside Amazon's want it")
        boolean pathStyle,
    @Setting(doc = "Access key; the environment's, or the machine's, credentials without")
        Optional<String> accessKey,
    @Setting(secret = true, doc = "Secret key to that") Optional<String> secretKey,
    @Setting(value = "false", doc = "Whether a bucket that is not there is created")
        boolean createBucket,
    @Setting(value = "3", doc = "Times that a call is tried") int attempts,
    @Setting(value = "10s", doc = "Time that one try may take") Duration attemptTimeout,
    @Setting(value = "30s", doc = "Time that a call may take, with all tries") Duration timeout) {

  public S3Settings {
    Require.between("attempts", attempts, 1, 20);
    Require.positive("attempt-timeout", attemptTimeout);
    Require.positive("timeout", timeout);
    Require.that(
        accessKey.isPresent() == secretKey.isPresent(),
        "access-key and secret-key are needed together");
    Require.that(
        prefix.matches("[A-Za-z0-9._/-]{0,199}[A-Za-z0-9._-]"),
        "prefix may have letters, digits, and . _ - / but no / at its end");
    endpoint.ifPresent(URI::create);
  }

  /** Says nothing of the secret. */
  @Override
  public String toString() {
    return "S3Settings[bucket=" + bucket + ", prefix=" + prefix + "]";
  }
}
