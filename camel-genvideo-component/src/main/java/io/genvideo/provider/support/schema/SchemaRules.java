/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.support.schema;

import io.genvideo.provider.support.InputChecks;
import io.genvideo.provider.support.PortableOptions;
import io.genvideo.provider.support.ServiceErrors;

/**
 * What one service's models have in common, beside the schema of each.
 *
 * @param title the service's name for people
 * @param options which parameter a portable option sets
 * @param media which parameter carries which medium
 * @param withoutSchema a sentence without a full stop: what a user can do about a model that nobody has described
 */
public record SchemaRules(
        ServiceErrors errors, String title, PortableOptions options, MediaFields media, String withoutSchema) {

    /** The checks that need no schema. */
    public InputChecks checks() {
        return new InputChecks(errors, title);
    }
}
