/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * For services whose models each describe their own parameters: a request is checked against a model's schema before anything is
 * sent. {@link io.genvideo.provider.support.schema.SchemaRequest} is the entrance; what differs between services is in
 * {@link io.genvideo.provider.support.schema.SchemaRules}. It knows no service.
 */
@NullMarked
package io.genvideo.provider.support.schema;

import org.jspecify.annotations.NullMarked;
