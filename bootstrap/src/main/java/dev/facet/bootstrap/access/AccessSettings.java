package dev.facet.bootstrap.access;

import dev.facet.bootstrap.Setting;

/** What a service may do outside loopback that is not safe by itself. */
public record AccessSettings(
    @Setting(
            value = "false",
            doc =
                "Whether this service may listen outside loopback, and send its token there, without"
                    + " TLS: where something else encrypts")
        boolean plaintext) {}
