package dev.facet.gateway.archive;

import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Chips as objects {@code <prefix>/<collection, 19 digits>/<name>}, so that S3's order of keys is
 * that of collections.
 *
 * <p>An object is there whole or not at all, and is durable when the put is answered: what a
 * directory needs a rename and two syncs for is S3's own promise. The client sends a checksum with
 * every put; what comes back is held against the chip's own.
 */
final class S3Archive implements Archive {
  private static final int PAGE = 1_000;
  private static final int DIGITS = 19;
  private static final int INSUFFICIENT_STORAGE = 507;

  private final S3Client s3;
  private final String bucket;
  private final String prefix;
  private final InstantSource clock;

  S3Archive(S3Settings settings, InstantSource clock) {
    this.s3 = client(settings);
    this.bucket = settings.bucket().orElseThrow();
    this.prefix = settings.prefix();
    this.clock = clock;
    try {
      requireBucket(settings.createBucket());
    } catch (RuntimeException e) {
      s3.close();
      throw e;
    }
  }

  private static S3Client client(S3Settings settings) {
    S3ClientBuilder client =
        S3Client.builder()
            .httpClient(UrlConnectionHttpClient.create())
            .region(Region.of(settings.region()))
            .forcePathStyle(settings.pathStyle())
            .overrideConfiguration(
                calls ->
                    calls
                        .apiCallTimeout(settings.timeout())
                        .apiCallAttemptTimeout(settings.attemptTimeout())
                        .retryStrategy(
                            StandardRetryStrategy.builder()
                                .maxAttempts(settings.attempts())
                                .build()));
    settings.endpoint().ifPresent(endpoint -> client.endpointOverride(URI.create(endpoint)));
    settings
        .accessKey()
        .ifPresent(
            key ->
                client.credentialsProvider(
                    StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(key, settings.secretKey().orElseThrow()))));
    return client.build();
  }

  private void requireBucket(boolean create) {
    try {
      s3.headBucket(request -> request.bucket(bucket));
    } catch (NoSuchBucketException e) {
      if (!create) {
        throw new ArchiveException("there is no bucket " + bucket, e);
      }
      call("create its bucket", () -> s3.createBucket(request -> request.bucket(bucket)));
    } catch (SdkException e) {
      throw new ArchiveException("the archive's bucket cannot be reached", e);
    }
  }

  @Override
  public String put(long collection, String faceId, Chip chip) {
    ChipName name = ChipName.fresh(faceId, clock.instant());
    byte[] bytes = ChipFile.encode(chip);
    call(
        "write",
        () ->
            s3.putObject(
                request -> request.bucket(bucket).key(key(collection, name.text())),
                RequestBody.fromBytes(bytes)));
    return name.text();
  }

  @Override
  public Optional<Chip> get(long collection, String name) {
    String key = key(collection, ChipName.of(name).text());
    try {
      byte[] bytes =
          call("read", () -> s3.getObjectAsBytes(r -> r.bucket(bucket).key(key))).asByteArray();
      return Optional.of(ChipFile.decode(bytes));
    } catch (ArchiveException e) {
      if (e.getCause() instanceof NoSuchKeyException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public void delete(long collection, String name) {
    String key = key(collection, ChipName.of(name).text());
    call("delete", () -> s3.deleteObject(request -> request.bucket(bucket).key(key)));
  }

  @Override
  public void drop(long collection) {
    String folder = folder(collection);
    while (true) {
      List<ObjectIdentifier> page =
          list(folder, folder, PAGE).contents().stream()
              .map(object -> ObjectIdentifier.builder().key(object.key()).build())
              .toList();
      if (page.isEmpty()) {
        return;
      }
      var answer =
          call(
              "delete",
              () ->
                  s3.deleteObjects(
                      request -> request.bucket(bucket).delete(keys -> keys.objects(page))));
      if (answer.hasErrors() && !answer.errors().isEmpty()) {
        throw new ArchiveException(
            "the archive cannot delete", new IOException(answer.errors().getFirst().code()));
      }
    }
  }

  @Override
  public List<StoredChip> list(Optional<StoredChip> after, int limit) {
    String from = after.map(chip -> key(chip.collection(), chip.name())).orElse(prefix + "/");
    List<StoredChip> chips = new ArrayList<>();
    while (chips.size() < limit) {
      ListObjectsV2Response page = list(prefix + "/", from, Math.min(PAGE, limit - chips.size()));
      for (S3Object object : page.contents()) {
        chip(object.key()).ifPresent(chips::add);
        from = object.key();
      }
      if (page.contents().isEmpty()) {
        break;
      }
    }
    return chips;
  }

  private ListObjectsV2Response list(String folder, String after, int limit) {
    return call(
        "list",
        () ->
            s3.listObjectsV2(
                ListObjectsV2Request.builder()
                    .bucket(bucket)
                    .prefix(folder)
                    .startAfter(after)
                    .maxKeys(limit)
                    .build()));
  }

  /** Empty for an object that an operator put there. */
  private Optional<StoredChip> chip(String key) {
    String[] parts = key.substring(prefix.length() + 1).split("/", -1);
    if (parts.length != 2 || !parts[0].matches("[0-9]{19}") || !ChipName.isOne(parts[1])) {
      return Optional.empty();
    }
    return Optional.of(
        new StoredChip(Long.parseLong(parts[0]), parts[1], ChipName.of(parts[1]).written()));
  }

  private String folder(long collection) {
    String digits = Long.toString(collection);
    return prefix + "/" + "0".repeat(DIGITS - digits.length()) + digits + "/";
  }

  private String key(long collection, String name) {
    return folder(collection) + name;
  }

  private static <T> T call(String what, Supplier<T> request) {
    try {
      return request.get();
    } catch (S3Exception e) {
      throw isFull(e)
          ? new ArchiveFullException(e)
          : new ArchiveException("the archive cannot " + what, e);
    } catch (SdkException e) {
      throw new ArchiveException("the archive cannot " + what, e);
    }
  }

  /** Services have words of their own for a full disk, and for a quota that is used up. */
  private static boolean isFull(S3Exception e) {
    String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
    return e.statusCode() == INSUFFICIENT_STORAGE
        || (code != null
            && (code.contains("Quota")
                || code.contains("StorageFull")
                || code.equals("InsufficientStorage")));
  }

  @Override
  public void close() {
    s3.close();
  }
}
